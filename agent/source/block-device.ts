import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Block devices, as the kernel describes them under /sys: no tool, and no guess by name. */

/** `major:minor` of a block device, or undefined for anything else. */
export async function deviceNumber(path: string): Promise<string | undefined> {
  const status = await stat(path, { bigint: true }).catch(() => undefined)
  return status?.isBlockDevice() ? numberOf(status.rdev) : undefined
}

export function numberOf(rdev: bigint): string {
  // The kernel's encoding of dev_t in user space: 12 low bits of the major from bit 8 on.
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn)
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn & 0xffffffffn)
  return `${major}:${minor}`
}

/** /sys counts in units of 512 bytes, whatever the sectors of the device are. */
export async function blockDeviceSize(path: string): Promise<number | undefined> {
  const number = await deviceNumber(path)
  if (number === undefined) return undefined
  return Number(await readFile(`/sys/dev/block/${number}/size`, 'utf8')) * 512
}

/**
 * Numbers of a device, of its partitions, and of the disk that it is a partition of: what is written
 * to one may be written to the other.
 */
export async function relatedDevices(number: string): Promise<string[]> {
  const folder = `/sys/dev/block/${number}`
  const isPartition = (await partitionNumber(folder)).length > 0
  const numbers = [number]
  if (isPartition) numbers.push((await readFile(join(folder, '../dev'), 'utf8')).trim())
  for (const name of await readdir(folder).catch(() => []))
    numbers.push(...(await partitionNumber(join(folder, name))))
  return numbers
}

async function partitionNumber(folder: string): Promise<string[]> {
  const isPartition = await readFile(join(folder, 'partition')).catch(() => undefined)
  return isPartition ? [(await readFile(join(folder, 'dev'), 'utf8')).trim()] : []
}

/**
 * Counts that rise with every write and discard that reached the device. Equal counts say that none
 * did, once what was on its way is flushed.
 */
export async function writeCounts(number: string): Promise<string> {
  const text = await readFile(`/sys/dev/block/${number}/stat`, 'utf8')
  const fields = text.trim().split(/\s+/)
  // Sectors written, and sectors discarded. Requests are no measure: a flush counts as one.
  return `${fields[6]} ${fields[13] ?? ''}`
}
