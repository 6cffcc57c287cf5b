import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { HoldfastError } from '../../core/model/error.ts'
import { findTool, toolMissing, type SearchPath } from '../source/find-tool.ts'
import type { TrackerClaim } from '../source/source.ts'
import { GRANULARITY, judgeBitmaps, type BitmapNames } from './bitmap.ts'

const TOOL_MS = 30_000

const info = z.looseObject({
  'virtual-size': z.number(),
  snapshots: z.array(z.unknown()).optional(),
  'format-specific': z
    .looseObject({
      data: z.looseObject({
        'data-file': z.string().optional(),
        bitmaps: z
          .array(
            z.looseObject({
              name: z.string(),
              granularity: z.number(),
              flags: z.array(z.string()),
            }),
          )
          .optional(),
      }),
    })
    .optional(),
})

/** The bitmaps inside a qcow2 that nobody has open, and that can hold some. */
export class ImageBitmaps {
  readonly #path: string
  readonly #disk: string
  readonly #names: BitmapNames
  readonly #searchPath: SearchPath

  /** `disk`: what the VM has the image as. */
  constructor(path: string, disk: string, names: BitmapNames, searchPath: SearchPath) {
    this.#path = path
    this.#disk = disk
    this.#names = names
    this.#searchPath = searchPath
  }

  async judge(): Promise<TrackerClaim> {
    const { data } = (await this.#info())['format-specific'] ?? {}
    if (data?.['data-file'] !== undefined) return { bases: [], reason: 'external-data-file' }
    const bitmaps = (data?.bitmaps ?? []).map(({ name, granularity, flags }) => ({
      ...{ name, granularity, count: 0, busy: false, persistent: true },
      // Set while it is open, and left so by whoever died with it.
      inconsistent: flags.includes('in-use'),
      recording: flags.includes('auto'),
    }))
    return judgeBitmaps(bitmaps, this.#names, this.#disk)
  }

  async add(versionUid: string): Promise<void> {
    const { data } = (await this.#info())['format-specific'] ?? {}
    const name = this.#names.of(versionUid, this.#disk)
    if (data?.bitmaps?.some((one) => one.name === name)) await this.#tool('--remove', name)
    await this.#tool('--add', name, ['-g', String(GRANULARITY)])
  }

  /** The one that counts from this version. */
  async counting(versionUid: string): Promise<string | undefined> {
    const { data } = (await this.#info())['format-specific'] ?? {}
    const names = (data?.bitmaps ?? []).map(({ name }) => name)
    return this.#names.find(names, versionUid, this.#disk)
  }

  async keep(isWanted: (uid: string) => boolean): Promise<void> {
    const { data } = (await this.#info())['format-specific'] ?? {}
    for (const { name } of data?.bitmaps ?? []) {
      const uid = this.#names.versionOf(name)
      if (uid !== undefined && !isWanted(uid)) await this.#tool('--remove', name)
    }
  }

  async #info(): Promise<z.infer<typeof info>> {
    const text = await this.#run(['info', '-U', '-f', 'qcow2', '--output=json', this.#path])
    return info.parse(JSON.parse(text))
  }

  async #tool(action: string, name: string, more: readonly string[] = []): Promise<void> {
    await this.#run(['bitmap', action, '-f', 'qcow2', ...more, this.#path, name])
  }

  async #run(args: readonly string[]): Promise<string> {
    const tool = await findTool('qemu-img', this.#searchPath)
    if (tool === undefined) throw toolMissing('qemu-img', `reading ${this.#path}`)
    try {
      return (await promisify(execFile)(tool, args, { timeout: TOOL_MS })).stdout
    } catch (cause) {
      throw failed(this.#path, cause)
    }
  }
}

function failed(path: string, cause: unknown): HoldfastError {
  const said = (cause as { stderr?: string }).stderr ?? String(cause)
  if (/lock|another process/i.test(said))
    return new HoldfastError('vm-busy', `the VM was started while ${path} was looked at`, { cause })
  return new HoldfastError('tool-failed', `qemu-img cannot work on ${path}: ${said.trim()}`, {
    cause,
  })
}
