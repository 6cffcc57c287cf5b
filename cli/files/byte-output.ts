import { constants } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { SequentialWriter } from '../../core/runtime/sequential-writer.ts'
import type { Terminal } from '../terminal.ts'
import type { ByteOutput } from '../../core/archive/file-sink.ts'

/** A file that must not exist yet. It is taken away again unless it is closed. */
export async function fileOutput(path: string, mode = 0o600): Promise<ByteOutput> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const handle = await open(path, flags, mode).catch((error: unknown) => {
    throw writeFailure(path, error)
  })
  // How long it will be is not known; gathered, many small pieces are few writes.
  const writer = await SequentialWriter.open(handle, Infinity)
  return {
    write: async (bytes) => {
      await writer.write(bytes).catch((error: unknown) => {
        throw writeFailure(path, error)
      })
    },
    close: async () => {
      await writer.finish().catch((error: unknown) => {
        throw writeFailure(path, error)
      })
      await handle.close()
    },
    abandon: async () => {
      await writer.abandon()
      await handle.close()
      await rm(path, { force: true })
    },
  }
}

export function terminalOutput(terminal: Terminal): ByteOutput {
  return {
    write: (bytes) => terminal.bytes(bytes),
    close: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  }
}

export function writeFailure(path: string, error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EEXIST')
    return new HoldfastError('target-exists', `${path} is there already`, {
      hint: 'Nothing is overwritten: choose another name, or remove it.',
    })
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new HoldfastError('target-full', `${path}: there is no space left`)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new HoldfastError('target-refused', `${path}: its folder does not exist`)
  if (code === 'ELOOP')
    return new HoldfastError('target-refused', `${path} is a symbolic link`, {
      hint: 'Links are not followed when files are written.',
    })
  return new HoldfastError('target-write-failed', `${path}: ${message}`, { cause: error })
}
