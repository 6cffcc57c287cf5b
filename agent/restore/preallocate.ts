import type { FileHandle } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { runInFolder, toolPath } from './image-tool.ts'
import type { TargetFolder } from './target-folder.ts'

const ZEROS = Buffer.alloc(1024 * 1024)

export interface Room {
  readonly sizeBytes: number
  /** Nothing is in it yet: where the file system knows no allocation, zeros may be written. */
  readonly isEmpty: boolean
}

/** Takes the blocks of [0, size) from the file system without changing what the file reads as. */
export async function preallocate(
  file: FileHandle,
  folder: TargetFolder,
  name: string,
  { sizeBytes, isEmpty }: Room,
  signal: AbortSignal,
): Promise<void> {
  if (sizeBytes === 0) return
  try {
    const args = ['--offset', '0', '--length', String(sizeBytes), toolPath(name)]
    await runInFolder('fallocate', args, folder.fd, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof HoldfastError && error.code === 'target-full') throw error
    if (!isEmpty) throw error
    await writeZeros(file, sizeBytes, signal)
  }
}

async function writeZeros(file: FileHandle, sizeBytes: number, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < sizeBytes; at += ZEROS.length) {
    signal.throwIfAborted()
    await file.write(ZEROS, 0, Math.min(ZEROS.length, sizeBytes - at), at)
  }
}
