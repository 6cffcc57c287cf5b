import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { formatByExtension, type ImageFormat } from './image-format.ts'

/** A file below one of the folders whose extension says that it is a disk image. */
export interface FoundImage {
  readonly path: string
  readonly folder: string
  /** Below the folder, extension included. */
  readonly name: string
  readonly format: ImageFormat
  /** Whether path and name are exact: names that are not UTF-8 are shown percent-encoded. */
  readonly isExact: boolean
}

/** What a scan found, and the folders that it saw, to be watched. */
export interface FolderScan {
  readonly images: readonly FoundImage[]
  readonly folders: readonly string[]
}

const DEEPEST = 32

/** All disk images below `root`. Hidden files, half-restored ones and extents of a VMDK are none. */
export async function scanFolder(root: string, log: Logger): Promise<FolderScan> {
  const images: FoundImage[] = []
  const links: FoundImage[] = []
  const folders: string[] = []
  const pending = [{ path: resolve(root), depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const folder = next
    folders.push(folder.path)
    const content = await entries(folder.path, log)
    const names = new Set(content.map(({ name }) => name.toString()))
    for (const entry of content) {
      const image = imageOf(root, folder.path, entry)
      if (!image) continue
      if (entry.isDirectory()) {
        if (folder.depth < DEEPEST) pending.push({ path: image.path, depth: folder.depth + 1 })
      } else if (isDiskImage(image, names)) (entry.isSymbolicLink() ? links : images).push(image)
    }
  }
  images.push(...(await linkedInside(root, links, images)))
  return { images: images.sort((a, b) => (a.name < b.name ? -1 : 1)), folders }
}

type Entry = Pick<Dirent<Buffer>, 'name' | 'isDirectory' | 'isFile' | 'isSymbolicLink'>

/** A folder that cannot be read hides its images: it is logged, and the others are still found. */
async function entries(folder: string, log: Logger): Promise<Entry[]> {
  try {
    return await readdir(folder, { withFileTypes: true, encoding: 'buffer' })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    log.warn('image folder cannot be read', { folder, reason })
    return []
  }
}

function imageOf(root: string, folder: string, entry: Entry): FoundImage | undefined {
  const isKnown = entry.isDirectory() || entry.isFile() || entry.isSymbolicLink()
  const text = entry.name.toString()
  if (!isKnown || isSkipped(text)) return undefined
  const isExact = Buffer.from(text).equals(entry.name)
  if (!isExact && entry.isDirectory()) return undefined
  const path = join(folder, isExact ? text : percentEncoded(entry.name))
  const format = formatByExtension(path) ?? 'raw'
  return { path, folder: resolve(root), name: relative(resolve(root), path), format, isExact }
}

/** Hidden files are nobody's images; `.holdfast-` ones are restores that have not ended. */
function isSkipped(name: string): boolean {
  return name.startsWith('.') || name.includes('.holdfast-')
}

function isDiskImage(image: FoundImage, beside: ReadonlySet<string>): boolean {
  return formatByExtension(image.path) !== undefined && !isVmdkExtent(basename(image.path), beside)
}

/** `web-s001.vmdk` and `web-flat.vmdk` belong to the descriptor `web.vmdk` beside them. */
function isVmdkExtent(name: string, beside: ReadonlySet<string>): boolean {
  const match = /^(.+)-(?:[sf]\d{3}|flat|delta|sesparse|ctk)(\.vmdk)$/i.exec(name)
  return match !== null && beside.has(`${match[1]}${match[2]}`)
}

/** Links to an image that is inside the same folder and not offered under a name of its own. */
async function linkedInside(
  root: string,
  links: readonly FoundImage[],
  images: readonly FoundImage[],
): Promise<FoundImage[]> {
  if (links.length === 0) return []
  const inside = await realpath(root).catch(() => resolve(root))
  const seen = new Set<string>()
  for (const image of images) seen.add(await realpath(image.path).catch(() => image.path))
  const followed: FoundImage[] = []
  for (const link of links) {
    const target = await realpath(link.path).catch(() => undefined)
    if (target === undefined || seen.has(target) || !isInside(inside, target)) continue
    if (!(await stat(target)).isFile()) continue
    seen.add(target)
    followed.push(link)
  }
  return followed
}

/** Whether `path` lies below `folder`; both are without links and `..`. */
export function isInside(folder: string, path: string): boolean {
  const below = folder.endsWith(sep) ? folder : folder + sep
  return path.startsWith(below)
}

/** Throws where `path` leads out of the folder that it was found below. */
export async function refuseOutside(path: string, folder: string | undefined): Promise<void> {
  if (folder === undefined) return
  const inside = await realpath(folder).catch(() => folder)
  const real = await realpath(path).catch(() => path)
  // A file without a name is none that leads anywhere: it was deleted after it was opened.
  if (isInside(inside, real) || real.endsWith(' (deleted)')) return
  throw new HoldfastError('source-not-protectable', `${path} leads out of ${folder}, to ${real}`, {
    hint: 'declare it with --source if it is to be protected',
  })
}

/** Bytes that are not UTF-8, and `%` itself, as %XX: a name that can be shown and told from others. */
function percentEncoded(name: Buffer): string {
  return Array.from(name, (byte) =>
    byte < 0x80 && byte !== 0x25
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('')
}

/** The folders before a found image's name, for when two collide. */
export function foldersBefore(image: FoundImage): string[] {
  return image.folder.split(sep).filter(Boolean)
}

/** The folders above a path, for when two disks of a source have the same file name. */
export function foldersAbove(path: string): string[] {
  return dirname(path).split(sep).filter(Boolean)
}
