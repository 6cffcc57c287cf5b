import { failpoint } from '../../core/runtime/failpoint.ts'
import { GRANULARITY, type BitmapNames } from './bitmap.ts'
import { removeBitmap } from './dismantle.ts'
import type { FreezeRequest } from './freeze-request.ts'
import type { LiveDisk } from './live-disk.ts'
import type { Qmp } from './qmp.ts'

/** New bitmaps, from which the version that is being made will count. */
export async function beginBitmaps(
  qmp: Qmp,
  { disks, names, versionUid }: FreezeRequest,
  signal: AbortSignal,
): Promise<void> {
  await failpoint('vm.before-bitmaps')
  // Of an attempt that was cut: it began at another instant.
  await removeBitmaps(qmp, disks, names, (uid) => uid !== versionUid)
  const actions = disks.map(({ node, name, isPersistent: persistent }) => ({
    type: 'block-dirty-bitmap-add',
    data: { node, name: names.of(versionUid, name), persistent, granularity: GRANULARITY },
  }))
  await qmp.execute('transaction', { actions }, { signal })
  await failpoint('vm.after-bitmaps')
}

/** What the bitmaps of the base have counted, under the name that is read. */
export async function copyCounted(
  qmp: Qmp,
  { disks, names, baseOf }: FreezeRequest,
  signal: AbortSignal,
): Promise<void> {
  const actions = disks.flatMap((disk) => mergeOf(disk, names, baseOf(disk)))
  if (actions.length > 0) await qmp.execute('transaction', { actions }, { signal })
}

/**
 * Those of ours that are not wanted, of what was there when the VM was looked at and what was begun since. Anybody
 * else's are never touched.
 */
export async function removeBitmaps(
  qmp: Qmp,
  disks: readonly LiveDisk[],
  names: BitmapNames,
  isWanted: (uid: string) => boolean,
  begun?: string,
): Promise<void> {
  for (const { node, name: disk, bitmaps } of disks) {
    const there = new Set(bitmaps.map(({ name }) => name))
    if (begun !== undefined) there.add(names.of(begun, disk))
    for (const name of there) {
      const uid = names.versionOf(name)
      if (name !== undefined && uid !== undefined && !isWanted(uid))
        await removeBitmap(qmp, node, name)
    }
  }
}

function mergeOf(
  { node, name, bitmaps }: LiveDisk,
  names: BitmapNames,
  base: string | undefined,
): Record<string, unknown>[] {
  if (base === undefined) return []
  const target = names.frozen
  const counted = names.find(
    bitmaps.map((one) => one.name),
    base,
    name,
  )
  const added = { node, name: target, persistent: false, disabled: true, granularity: GRANULARITY }
  return [
    { type: 'block-dirty-bitmap-add', data: added },
    {
      type: 'block-dirty-bitmap-merge',
      data: { node, target, bitmaps: [counted ?? names.of(base, name)] },
    },
  ]
}
