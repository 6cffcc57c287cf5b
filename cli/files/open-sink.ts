import { mkdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { OpenFolder } from '../../core/runtime/open-folder.ts'
import { wrongUsage } from '../failure.ts'
import type { Context } from '../context.ts'
import { fileOutput, terminalOutput, writeFailure } from './byte-output.ts'
import { firstHead } from '../../core/archive/first-head.ts'
import type { ByteOutput, FileSink } from '../../core/archive/file-sink.ts'
import { FolderSink } from './folder-sink.ts'
import type { FilePart } from '../../core/archive/receive.ts'
import { SingleFile } from '../../core/archive/single-file.ts'
import { TarSink } from '../../core/archive/tar-sink.ts'
import { ZipSink } from '../../core/archive/zip-sink.ts'

export interface Target {
  /** `-` is standard output. */
  readonly output: string
  readonly archive: 'tar' | 'zip' | undefined
  readonly isSeveral: boolean
}

export function requirePossible({ output, archive, isSeveral }: Target): void {
  if (output === '-' && isSeveral && archive === undefined)
    throw wrongUsage('several files cannot go to standard output', 'use --archive tar or zip')
}

/** Where the files go. What comes first decides where a name could be that of a file or of a folder. */
export async function openSink(
  target: Target,
  parts: AsyncIterable<FilePart>,
  context: Context,
): Promise<{ sink: FileSink; parts: AsyncIterable<FilePart> }> {
  const { output, archive, isSeveral } = target
  const isStandard = output === '-'
  if (archive !== undefined) {
    const bytes = isStandard ? terminalOutput(context.terminal) : await fileOutput(output)
    return { sink: archive === 'tar' ? new TarSink(bytes) : new ZipSink(bytes), parts }
  }
  if (isStandard) return { sink: new SingleFile(terminalOutput(context.terminal)), parts }
  if (isSeveral || output.endsWith('/') || (await isFolder(output)))
    return { sink: await folderSink(output, true), parts }
  const { head, all } = await firstHead(parts)
  // Nothing came but failures: nothing is made.
  if (head === undefined) return { sink: new SingleFile(NO_OUTPUT), parts: all }
  if (head.type !== 'folder') {
    const name = Buffer.from(basename(output))
    const parts = renamed(all, head.path, name)
    return { sink: await folderSink(dirname(output), false), parts }
  }
  return { sink: await folderSink(output, true), parts: all }
}

const NO_OUTPUT: ByteOutput = {
  write: () => Promise.resolve(),
  close: () => Promise.resolve(),
  abandon: () => Promise.resolve(),
}

async function folderSink(path: string, isMade: boolean): Promise<FolderSink> {
  try {
    if (isMade) await mkdir(path, { recursive: true })
    const folder = await OpenFolder.at(path)
    return new FolderSink(folder, process.getuid?.() === 0)
  } catch (error) {
    throw writeFailure(path, error)
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  )
}

/** One file under the name that was asked for. */
async function* renamed(
  parts: AsyncIterable<FilePart>,
  from: Buffer,
  to: Buffer,
): AsyncIterable<FilePart> {
  for await (const part of parts) {
    const { head, failed } = part
    if (head) yield { ...part, head: { ...head, path: to } }
    else if (failed?.path.equals(from)) yield { ...part, failed: { ...failed, path: to } }
    else yield part
  }
}
