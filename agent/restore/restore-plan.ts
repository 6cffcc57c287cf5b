import { lstat } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import type { RestoreDisk__Output } from '../../core/wire/generated/holdfast/v1/RestoreDisk.ts'
import { checkFreeSpace, type SpaceNeed } from './free-space.ts'
import { runInFolder } from './image-tool.ts'
import { targetExists } from './swap.ts'
import type { TargetFolder } from './target-folder.ts'
import { movesOf, temporariesOf } from './file-names.ts'
import { requireHolds, sizeInFormat } from '../../core/model/restore-format.ts'
import type { TargetFormat } from './target-format.ts'
import type { UndoFile, UndoMove } from './undo-log.ts'

/** Where one disk goes: a file that is written beside its place, or a block device in place. */
export type DiskPlace = FilePlace | DevicePlace

export interface FilePlace {
  readonly kind: 'file'
  readonly disk: RestoreDisk__Output
  readonly format: TargetFormat
  readonly folder: TargetFolder
  readonly file: string
  readonly temporary: string
  /** Set where an old file is replaced: the name under which it waits. */
  readonly kept: string | undefined
  readonly owner: FileOwner | undefined
}

export interface DevicePlace {
  readonly kind: 'device'
  readonly disk: RestoreDisk__Output
  readonly path: string
}

/** Taken over from the file that is replaced. */
export interface FileOwner {
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

export interface RestorePlan {
  readonly places: readonly DiskPlace[]
  /** By canonical path; closed by whoever runs the plan. */
  readonly folders: ReadonlyMap<string, TargetFolder>
  readonly changes: readonly string[]
}

/** Everything that can be known to fail is known here, before a byte moves. */
export async function checkPlan(plan: RestorePlan): Promise<void> {
  const files = plan.places.filter((place) => place.kind === 'file')
  for (const { format, disk } of files) requireHolds(format.name, disk.name, disk.sizeBytes)
  await checkNames(files)
  await checkTools(files)
  for (const folder of plan.folders.values()) await checkRoom(folder, files)
}

async function checkNames(files: readonly FilePlace[]): Promise<void> {
  const seen = new Set<string>()
  for (const place of files) {
    const { folder, file, kept } = place
    const path = `${folder.path}/${file}`
    if (seen.has(path))
      throw new HoldfastError('target-refused', `two disks would both become ${path}`)
    seen.add(path)
    if (kept === undefined) await checkFree(folder, movesOf(place))
  }
}

async function checkFree(folder: TargetFolder, moves: readonly UndoMove[]): Promise<void> {
  for (const { to } of moves)
    if (await exists(folder.child(to))) throw targetExists(`${folder.path}/${to}`)
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

async function checkTools(files: readonly FilePlace[]): Promise<void> {
  const place = files.find(({ format }) => format.driver !== 'raw')
  if (!place) return
  for (const tool of ['qemu-img', 'qemu-nbd'])
    await runInFolder(tool, ['--version'], place.folder.fd)
}

async function checkRoom(folder: TargetFolder, files: readonly FilePlace[]): Promise<void> {
  const needs: SpaceNeed[] = []
  const device = await deviceOf(folder)
  for (const { folder: other, format, disk } of files)
    if ((await deviceOf(other)) === device) needs.push({ format, ...disk })
  await checkFreeSpace(folder.child('.'), folder.path, needs)
}

async function deviceOf(folder: TargetFolder): Promise<number> {
  return (await lstat(folder.child('.'))).dev
}

/** What the target makes different from the source, in words for the person who restores. */
export function sizeChange(disk: RestoreDisk__Output, format: TargetFormat): string[] {
  const size = sizeInFormat(format.name, disk.sizeBytes)
  if (size === disk.sizeBytes) return []
  const rounded = `disk ${disk.name}: ${format.name} counts in sectors`
  return [`${rounded}, so ${disk.sizeBytes} bytes became ${size}; the bytes added are zero`]
}

/** What a crash would leave, for the undo log. */
export function undoFiles(plan: RestorePlan): UndoFile[] {
  return [...plan.folders.keys()].map((path) => {
    const files = plan.places.filter((p) => p.kind === 'file').filter((p) => p.folder.path === path)
    return {
      folder: path,
      temporary: files.flatMap(temporariesOf),
      moves: files.flatMap(movesOf),
    }
  })
}
