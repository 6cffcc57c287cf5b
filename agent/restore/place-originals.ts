import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import type { RestoreDisk__Output } from '../../core/wire/generated/holdfast/v1/RestoreDisk.ts'
import type { RestoreWork__Output } from '../../core/wire/generated/holdfast/v1/RestoreWork.ts'
import type { DiskPlace, FileOwner, RestorePlan } from './restore-plan.ts'
import { sizeChange } from './restore-plan.ts'
import { openCanonicalFolder, type TargetFolder } from './target-folder.ts'
import { targetFormat, type TargetFormat } from './target-format.ts'
import { isFixedVhd } from './vhd-footer.ts'
import { keptName, temporaryName } from './target-name.ts'

/** Where a disk of a data source lies on this host, whether or not it is still there. */
export interface OriginalDisk {
  readonly name: string
  readonly path: string
  readonly format: string
}

/** Plans a restore to where the disks were: beside each file, in its own format. */
export async function planOriginals(
  work: RestoreWork__Output,
  originals: readonly OriginalDisk[],
): Promise<RestorePlan> {
  const folders = new Map<string, TargetFolder>()
  const places: DiskPlace[] = []
  const changes: string[] = []
  try {
    for (const disk of work.disks) {
      const place = await placeDisk(work, disk, originalOf(disk, originals), folders)
      places.push(place)
      if (place.kind === 'file') changes.push(...sizeChange(disk, place.format))
    }
  } catch (error) {
    for (const folder of folders.values()) await folder.close()
    throw error
  }
  return { places, folders, changes }
}

function originalOf(disk: RestoreDisk__Output, originals: readonly OriginalDisk[]): OriginalDisk {
  const found = originals.find(({ name }) => name === disk.name)
  if (found) return found
  throw new HoldfastError('source-missing', `this host does not know where disk ${disk.name} was`, {
    hint: 'Restore it to a folder: --to HOST --path DIR.',
  })
}

async function placeDisk(
  work: RestoreWork__Output,
  disk: RestoreDisk__Output,
  original: OriginalDisk,
  folders: Map<string, TargetFolder>,
): Promise<DiskPlace> {
  const path = await canonicalPath(original.path)
  const found = await stat(path).catch(() => undefined)
  if (found?.isBlockDevice() === true) return { kind: 'device', disk, path }
  const folder = folders.get(dirname(path)) ?? (await openCanonicalFolder(dirname(path)))
  folders.set(folder.path, folder)
  const file = basename(path)
  const owner = await ownerOf(folder, file)
  const kept = owner && keptName(file, work.job)
  const format = await formatOf(work, original, owner && folder.child(file))
  return {
    kind: 'file',
    disk,
    format,
    folder,
    file,
    temporary: temporaryName(file, work.job),
    kept,
    owner,
  }
}

/** Of the file if it is there, else of its folder: a lost disk can come back to its place. */
async function canonicalPath(path: string): Promise<string> {
  const own = await realpath(path).catch(() => undefined)
  if (own !== undefined) return own
  const folder = await realpath(dirname(path)).catch((cause: unknown) => {
    throw new HoldfastError('target-refused', `the folder of ${path} is gone`, {
      hint: 'Make the folder again, or restore to another place.',
      cause,
    })
  })
  return `${folder}/${basename(path)}`
}

async function ownerOf(folder: TargetFolder, file: string): Promise<FileOwner | undefined> {
  const found = await lstat(folder.child(file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!found) return undefined
  if (found.isFile()) return { uid: found.uid, gid: found.gid, mode: found.mode & 0o7777 }
  throw new HoldfastError('target-refused', `${folder.path}/${file} is no file any more`)
}

/** The format that the source is declared to have: never guessed from a guest's bytes. */
async function formatOf(
  work: RestoreWork__Output,
  original: OriginalDisk,
  existing: string | undefined,
): Promise<TargetFormat> {
  const isVhd = original.format === 'vhd' || original.format === 'vpc'
  if (isVhd && existing !== undefined && (await isFixedVhd(existing)))
    return targetFormat('vhd-fixed', work.preallocate)
  // A flat VMDK is two files; one that replaces another is always one file.
  return targetFormat(original.format, work.preallocate && original.format !== 'vmdk')
}
