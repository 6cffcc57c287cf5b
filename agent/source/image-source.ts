import { basename, resolve } from 'node:path'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { deviceNumber } from './block-device.ts'
import { ClonedView } from './clone/cloned-view.ts'
import type { Clones } from './clone/clones.ts'
import { distinctNames } from './distinct-name.ts'
import { findTool, toolMissing, type SearchPath } from './find-tool.ts'
import { FolderWatch } from './folder-watch.ts'
import { foldersAbove, foldersBefore, scanFolder, type FoundImage } from './image-folders.ts'
import { splitFormat, type ImageFormat } from './image-format.ts'
import { readLayout } from './image-layout.ts'
import { ImageView, type ImageDisk } from './image-view.ts'
import { refuseEmpty, type DiskContext } from './opened-disk.ts'
import type { Offer, OfferedDisk, OpenOptions, KindProvider, SourceView } from './source.ts'

export interface DeclaredImages {
  readonly name: string
  /** Image files or block devices; `qcow2:/path` where the extension does not say the format. */
  readonly paths: readonly string[]
}

export interface ImageProviderOptions {
  readonly folders: readonly { readonly path: string }[]
  readonly declared: readonly DeclaredImages[]
  /** Folders beside `folders` in which backing files may lie. */
  readonly allowedFolders: readonly string[]
  readonly log: Logger
  readonly clock: Clock
  /** Where perl, qemu-nbd and the like are looked for; the process's own PATH by default. */
  readonly searchPath?: SearchPath
  /** Where file systems have reflink clones, images are read from those; absent: never. */
  readonly clones?: Clones | undefined
}

/** A source that was found. `problem` says why a disk cannot be protected, before any look inside. */
interface Found {
  readonly key: string
  readonly name: string
  readonly kind: 'image' | 'block-device'
  readonly disks: readonly FoundDisk[]
}

interface FoundDisk {
  readonly name: string
  readonly path: string
  readonly format: ImageFormat | undefined
  readonly folder?: string
  readonly problem?: HoldfastError
}

/** Disk images below folders, and those that an operator declared. */
export function imageProvider(options: ImageProviderOptions): KindProvider {
  return new ImageProvider(options)
}

class ImageProvider implements KindProvider {
  readonly #options: ImageProviderOptions
  readonly #searchPath: SearchPath
  readonly #allowed: readonly string[]
  readonly #watch: FolderWatch

  constructor(options: ImageProviderOptions) {
    this.#options = options
    this.#searchPath = options.searchPath ?? process.env['PATH'] ?? ''
    const declared = options.declared.flatMap(({ paths }) => paths.map((one) => splitFormat(one)))
    this.#allowed = [
      ...options.folders.map(({ path }) => resolve(path)),
      ...options.allowedFolders,
      ...declared.map(({ path }) => resolve(path)),
    ]
    this.#watch = new FolderWatch(options.clock)
  }

  async offers(): Promise<Offer[]> {
    const tool = await findTool('qemu-nbd', this.#searchPath)
    const offers: Offer[] = []
    for (const { key, name, kind, disks } of await this.#find()) {
      const offered: OfferedDisk[] = []
      for (const disk of disks) offered.push(await this.#offer(disk, tool !== undefined))
      offers.push({ key, name, kind, uuid: '', disks: offered })
    }
    return offers
  }

  watch(changed: () => void): () => void {
    return this.#watch.start(changed)
  }

  async pathsOf(key: string): Promise<readonly string[] | undefined> {
    return (await this.#find()).find((one) => one.key === key)?.disks.map(({ path }) => path)
  }

  async open(key: string, options: OpenOptions): Promise<SourceView> {
    // Only what a scan finds can be opened: a key is a name, never a path to follow.
    const found = (await this.#find()).find((one) => one.key === key)
    if (!found)
      throw new HoldfastError('source-missing', `${key} is not on this host any more`, {
        hint: 'is its folder mounted?',
      })
    const disks = found.disks.filter(({ name }) => !options.excludeDisks.includes(name))
    if (disks.length === 0)
      throw new HoldfastError('source-not-protectable', `all disks of ${found.name} are excluded`)
    const context = {
      searchPath: this.#searchPath,
      clock: this.#options.clock,
      signal: options.signal,
    }
    return this.#view(disks.map(openable), context)
  }

  /** Of clones where there can be any, else of the images where they lie. */
  async #view(disks: readonly ImageDisk[], context: DiskContext): Promise<SourceView> {
    const { clones, log } = this.#options
    const allowed = this.#allowed
    if (!clones) return ImageView.open(disks, allowed, context)
    const view = await ClonedView.open({ disks, allowed, clones, context, log })
    if (typeof view !== 'string') return view
    const noRecord = view === 'no-reflink' ? undefined : view
    return ImageView.open(disks, allowed, { ...context, noRecord })
  }

  async #offer(disk: FoundDisk, hasTool: boolean): Promise<OfferedDisk> {
    const shown = { name: disk.name, path: disk.path, format: disk.format ?? 'unknown' }
    let sizeBytes = 0
    try {
      const { path, format } = openable(disk)
      sizeBytes = (await readLayout(path, format, this.#allowed)).sizeBytes
      refuseEmpty(path, sizeBytes)
      if (format !== 'raw' && !hasTool) throw toolMissing('qemu-nbd', `reading ${path}`)
      return { ...shown, sizeBytes, protectable: true, reason: '' }
    } catch (error) {
      const { code, message, hint } = toHoldfastError(error)
      const reason = `${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`
      return { ...shown, sizeBytes, protectable: false, reason }
    }
  }

  /** Everything there is now, under names that no two share. */
  async #find(): Promise<Found[]> {
    const declared = await Promise.all(this.#options.declared.map(declaredSource))
    const taken = new Set(declared.flatMap(({ disks }) => disks.map(({ path }) => path)))
    const images: FoundImage[] = []
    const folders: string[] = []
    for (const { path } of this.#options.folders) {
      const scan = await scanFolder(path, this.#options.log)
      folders.push(...scan.folders)
      for (const image of scan.images) {
        if (taken.has(image.path)) continue
        taken.add(image.path) // also where one folder lies inside another
        images.push(image)
      }
    }
    this.#watch.folders = folders
    return named(declared, images)
  }
}

function named(declared: readonly Found[], images: readonly FoundImage[]): Found[] {
  const names = distinctNames([
    // Declared names are the operator's: they stay, and found ones make room.
    ...declared.map(({ name }) => ({ short: name, prefix: [] })),
    ...images.map((image) => ({ short: image.name, prefix: foldersBefore(image) })),
  ])
  const found = images.map((image, index) => imageSource(image, names[declared.length + index]))
  return [...declared, ...found]
}

function imageSource(image: FoundImage, name = image.name): Found {
  const { path, format, folder } = image
  const problem = new HoldfastError(
    'source-not-protectable',
    `the name ${image.name} is not UTF-8, shown percent-encoded`,
    { hint: 'rename the image' },
  )
  const disk = { name: basename(path), path, format, folder, ...(image.isExact ? {} : { problem }) }
  return { key: `image:${path}`, name, kind: 'image', disks: [disk] }
}

async function declaredSource({ name, paths }: DeclaredImages): Promise<Found> {
  const places = paths.map((text) => {
    const { path, format } = splitFormat(text)
    return { path: resolve(path), format }
  })
  const names = distinctNames(
    places.map(({ path }) => ({ short: basename(path), prefix: foldersAbove(path) })),
  )
  const areDevices = await Promise.all(places.map(async ({ path }) => deviceNumber(path)))
  const disks = places.map(({ path, format }, index) => {
    // A block device has no extension; what is on it is the guest's, and raw.
    const isDevice = areDevices[index] !== undefined
    return { name: names[index] ?? path, path, format: format ?? (isDevice ? 'raw' : undefined) }
  })
  const isOnlyDevices = areDevices.every((number) => number !== undefined)
  return { key: `declared:${name}`, name, kind: isOnlyDevices ? 'block-device' : 'image', disks }
}

function openable(disk: FoundDisk): ImageDisk {
  const { name, path, format, folder, problem } = disk
  if (problem) throw problem
  if (format === undefined)
    throw new HoldfastError('source-not-protectable', `nothing says of what format ${path} is`, {
      hint: `declare it with its format: --source NAME=raw:${path}`,
    })
  return { name, path, format, folder }
}
