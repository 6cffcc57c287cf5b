import { createHash } from 'node:crypto'
import { z } from 'zod'

/**
 * Granularity of all our bitmaps. Merging demands equal ones, so it is never anything else: 64 KiB
 * costs one bit each, 4 MiB of memory for a disk of 2 TiB.
 */
export const GRANULARITY = 65_536

/** As `query-named-block-nodes` tells it. Internal ones of running jobs have no name. */
export const dirtyBitmap = z.looseObject({
  name: z.string().optional(),
  recording: z.boolean(),
  busy: z.boolean(),
  persistent: z.boolean(),
  inconsistent: z.boolean().default(false),
  granularity: z.number(),
  count: z.number(),
})
export type DirtyBitmap = z.infer<typeof dirtyBitmap>

/**
 * Names of one protection server's bitmaps: `hf-SERVER-VERSION.DISK`. Whatever is named otherwise belongs
 * to somebody else. A bitmap goes with its image, so it says of which disk it is: two images of a VM may
 * change places, and a bitmap of the last version would count nothing for the other disk's content.
 */
export class BitmapNames {
  readonly #prefix: string

  /** `serverId`: as at enrolment, `server-` and random characters. */
  constructor(serverId: string) {
    this.#prefix = `hf-${shortServer(serverId)}-`
  }

  of(versionUid: string, disk: string): string {
    return `${this.#prefix}${versionUid}.${tagOf(disk)}`
  }

  /** The version that a bitmap counts from; undefined when it is not one of ours. */
  versionOf(name: string | undefined): string | undefined {
    if (!name?.startsWith(this.#prefix)) return undefined
    const [uid] = name.slice(this.#prefix.length).split('.')
    return uid === '' || uid === FROZEN ? undefined : uid
  }

  /** Those that earlier releases made do not say of which disk they are. */
  isOf(name: string, disk: string): boolean {
    const [, tag] = name.slice(this.#prefix.length).split('.')
    return tag === undefined || tag === tagOf(disk)
  }

  /** Which of these bitmaps counts from this version for this disk. */
  find(
    names: readonly (string | undefined)[],
    versionUid: string,
    disk: string,
  ): string | undefined {
    return names.find(
      (one) => one !== undefined && this.versionOf(one) === versionUid && this.isOf(one, disk),
    )
  }

  /** The copy of a bitmap as of the instant: transient, disabled, gone after the job. */
  get frozen(): string {
    return `${this.#prefix}${FROZEN}`
  }

  /** Begins the names of everything else that a job puts into a QEMU. */
  get prefix(): string {
    return this.#prefix
  }
}

const FROZEN = 'frozen'

function tagOf(disk: string): string {
  return createHash('sha256').update(disk).digest('hex').slice(0, 8)
}

export function shortServer(serverId: string): string {
  return serverId.replace(/^server-/, '').slice(0, 8)
}

/** Why a disk has no change record that could be used. Stable words: they show as transferReason. */
export type TrackerReason =
  | 'bitmap-absent'
  | 'bitmap-inconsistent'
  | 'bitmap-not-recording'
  | 'bitmap-busy'
  | 'bitmap-granularity'
  | 'bitmap-of-another-disk'
  | 'foreign-bitmaps-only'
  | 'overlay-on-top'
  | 'external-data-file'
  | 'format-without-bitmaps'

/** What a disk's bitmaps are good for. `bases`: versions that a usable one counts from. */
export interface TrackerState {
  readonly bases: readonly string[]
  /** Why there is none, or why not all that are there count; '' when nothing is wrong. */
  readonly reason: TrackerReason | ''
}

/**
 * Judges the bitmaps of a disk's own node. An inconsistent bitmap says that it counts nothing
 * dirty: flags are looked at first, and the count never decides.
 */
export function judgeBitmaps(
  bitmaps: readonly DirtyBitmap[],
  names: BitmapNames,
  disk: string,
): TrackerState {
  const bases: string[] = []
  let reason: TrackerReason | '' = ''
  let hasOurs = false
  for (const bitmap of bitmaps) {
    const uid = names.versionOf(bitmap.name)
    if (uid === undefined) continue
    hasOurs = true
    const isOther = !names.isOf(bitmap.name ?? '', disk)
    const flaw = isOther ? 'bitmap-of-another-disk' : flawOf(bitmap)
    if (flaw === undefined) bases.push(uid)
    else reason = flaw
  }
  if (hasOurs) return { bases, reason }
  const hasForeign = bitmaps.some(({ name }) => name !== undefined)
  return { bases, reason: hasForeign ? 'foreign-bitmaps-only' : 'bitmap-absent' }
}

function flawOf(bitmap: DirtyBitmap): TrackerReason | undefined {
  if (bitmap.inconsistent) return 'bitmap-inconsistent'
  if (!bitmap.recording) return 'bitmap-not-recording'
  if (bitmap.busy) return 'bitmap-busy'
  if (bitmap.granularity !== GRANULARITY) return 'bitmap-granularity'
  return undefined
}
