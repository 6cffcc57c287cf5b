import type { Queryable } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import { disksOfSources, putDisk, setDiskAbsent, type KnownDiskRow } from '../catalog/offered.ts'
import type { OfferedDisk } from './inventory-match.ts'

/** Brings the disks of one data source in line; those offered no longer stay, marked absent. */
export async function putOfferedDisks(
  q: Queryable,
  source: string,
  disks: readonly OfferedDisk[],
  chunkBytes: number,
  actor: string,
): Promise<void> {
  const known = new Map((await disksOfSources(q, [source])).map((disk) => [disk.name, disk]))
  for (const disk of disks) {
    const old = known.get(disk.name)
    known.delete(disk.name)
    if (old && isUnchanged(old, disk)) continue
    // A size of 0 is "not opened yet": it does not forget one that was seen.
    const sizeBytes = disk.sizeBytes || (old?.sizeBytes ?? 0)
    await putDisk(q, source, { ...disk, sizeBytes, reason: disk.reason || null }, chunkBytes)
    const told = old ? changeOf(old, disk) : ['disk-appeared', `disk ${disk.name} is offered`]
    if (told) await recordEvent(q, { kind: told[0]!, about: source, message: told[1]!, actor })
  }
  for (const gone of known.values()) {
    if (!gone.present) continue
    await setDiskAbsent(q, gone.id)
    const message = `disk ${gone.name} is no longer offered`
    await recordEvent(q, { kind: 'disk-vanished', about: source, message, actor })
  }
}

function isUnchanged(old: KnownDiskRow, now: OfferedDisk): boolean {
  return (
    old.present &&
    old.path === now.path &&
    old.format === now.format &&
    (old.sizeBytes === now.sizeBytes || now.sizeBytes === 0) &&
    old.protectable === now.protectable &&
    (old.reason ?? '') === now.reason
  )
}

function changeOf(old: KnownDiskRow, now: OfferedDisk): [string, string] | undefined {
  if (!old.present) return ['disk-returned', `disk ${now.name} is back`]
  if (old.format !== now.format)
    return ['disk-format-changed', `disk ${now.name} is ${now.format} now, was ${old.format}`]
  if (now.sizeBytes !== 0 && old.sizeBytes !== 0 && old.sizeBytes !== now.sizeBytes)
    return [
      'disk-size-changed',
      `disk ${now.name} has ${now.sizeBytes} bytes now, had ${old.sizeBytes}`,
    ]
  return undefined
}
