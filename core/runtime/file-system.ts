import { constants } from 'node:fs'
import * as fs from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A file that is open. Counts returned may be short; `writeAll` and `readFully` below are not. */
export interface OpenFile {
  write(data: Uint8Array, position: number): Promise<number>
  read(into: Uint8Array, position: number): Promise<number>
  datasync(): Promise<void>
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

/**
 * `create`: for writing, must not exist. `write`: for writing, must exist. `write-direct`: the same
 * past the page cache; memory, positions and lengths are multiples of 4 KiB. EINVAL where the file
 * system refuses it.
 */
export type OpenMode = 'read' | 'create' | 'write' | 'write-direct'

export interface FileStatus {
  readonly size: number
  readonly kind: 'file' | 'folder' | 'other'
}

export interface FolderEntry {
  readonly name: string
  readonly kind: FileStatus['kind']
}

/**
 * All that may be done to files, so that faults can be planned. Errors are Node's own, with `code`.
 * What is to survive power loss is written through `writeDurably`, or synced file first, folder next.
 */
export interface FileSystem {
  open(path: string, mode: OpenMode): Promise<OpenFile>
  readFile(path: string): Promise<Buffer>
  /** Undefined when there is nothing of that name. */
  stat(path: string): Promise<FileStatus | undefined>
  /** Bytes of the file system that holds `path`, and those an ordinary user may still take. */
  space(path: string): Promise<{ totalBytes: number; freeBytes: number }>
  readFolder(path: string): Promise<FolderEntry[]>
  /** One level; whether it was made now. An existing folder is no error. */
  makeFolder(path: string): Promise<boolean>
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  syncFolder(path: string): Promise<void>
}

const OPEN_FLAGS: Record<OpenMode, number> = {
  read: constants.O_RDONLY,
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
  write: constants.O_WRONLY,
  'write-direct': constants.O_WRONLY | constants.O_DIRECT,
}

/** Files and folders of the server are its own: nobody else reads them. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

export const systemFileSystem: FileSystem = {
  open: async (path, mode) => openFile(await fs.open(path, OPEN_FLAGS[mode], FILE_MODE)),
  readFile: (path) => fs.readFile(path),
  stat: async (path) => {
    const status = await fs.stat(path).catch(absent)
    return status && { size: status.size, kind: kindOf(status) }
  },
  space: async (path) => {
    const { blocks, bavail, bsize } = await fs.statfs(path)
    return { totalBytes: blocks * bsize, freeBytes: bavail * bsize }
  },
  readFolder: async (path) => {
    const entries = await fs.readdir(path, { withFileTypes: true })
    return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
  },
  makeFolder: async (path) => {
    try {
      await fs.mkdir(path, FOLDER_MODE)
      return true
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false
      throw error
    }
  },
  rename: (from, to) => fs.rename(from, to),
  unlink: (path) => fs.unlink(path),
  syncFolder: async (path) => {
    const folder = await fs.open(path, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
}

function openFile(handle: fs.FileHandle): OpenFile {
  return {
    write: async (data, position) =>
      (await handle.write(data, 0, data.length, position)).bytesWritten,
    read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
    datasync: () => handle.datasync(),
    sync: () => handle.sync(),
    truncate: (length) => handle.truncate(length),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  }
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean }): FileStatus['kind'] {
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

function absent(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined
  throw error
}

/** Node's code of an error of the operating system, such as ENOSPC. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/**
 * Writes all of `data`. After a short write it goes on at the last multiple of `unit`, as direct
 * writes must.
 */
export async function writeAll(
  file: OpenFile,
  data: Uint8Array,
  position: number,
  unit = 1,
): Promise<void> {
  let done = 0
  while (done < data.length) {
    const written = await file.write(data.subarray(done), position + done)
    const kept = done + written === data.length ? written : written - (written % unit)
    // A disk that takes less than a unit is full; without this the loop would never end.
    if (kept === 0) throw Object.assign(new Error('short write'), { code: 'ENOSPC' })
    done += kept
  }
}

/** Reads until `into` is full or the file ends; returns the bytes read. */
export async function readFully(
  file: OpenFile,
  into: Uint8Array,
  position: number,
): Promise<number> {
  let done = 0
  while (done < into.length) {
    const count = await file.read(into.subarray(done), position + done)
    if (count === 0) break
    done += count
  }
  return done
}

/** Temporary files of `writeDurably` end in this; what a crash left of them is no content. */
export const TEMPORARY_SUFFIX = '.new'

/**
 * The file holds `content` or, after a crash, what it held before: never a part, never nothing.
 * Write beside → sync → rename → sync of the folder. After an error the old content stands, or the
 * new one is not yet known to survive power loss.
 */
export async function writeDurably(
  files: FileSystem,
  path: string,
  content: Uint8Array,
): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}${TEMPORARY_SUFFIX}`)
  await removeIfThere(files, temporary)
  const file = await files.open(temporary, 'create')
  try {
    await writeAll(file, content, 0)
    await file.sync()
  } catch (error) {
    await file.close()
    await removeIfThere(files, temporary).catch(() => {}) // the first error counts
    throw error
  }
  await file.close()
  await files.rename(temporary, path)
  await files.syncFolder(folder)
}

/** Makes a folder and those above it down from `root`, each name durable before the next. */
export async function makeFolders(
  files: FileSystem,
  root: string,
  relative: string,
): Promise<string> {
  let at = root
  for (const name of relative.split('/').filter(Boolean)) {
    const made = await files.makeFolder(join(at, name))
    if (made) await files.syncFolder(at)
    at = join(at, name)
  }
  return at
}

export async function removeIfThere(files: FileSystem, path: string): Promise<boolean> {
  try {
    await files.unlink(path)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}
