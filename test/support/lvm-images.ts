import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { tool } from './ext-images.ts'

/** LVM's own tools on images, without a device mapper: they write metadata, and no volume is active. */
export interface Lvm {
  /** In the order of the images. */
  readonly devices: readonly string[]
  run(command: string, ...args: string[]): Promise<string>
  /** What the tools say of where each volume's extents lie. */
  segments(group: string): Promise<readonly LvmSegment[]>
  /** Frees the devices: what was written is in the images. */
  close(): Promise<void>
}

export interface LvmSegment {
  readonly volume: string
  readonly start: number
  readonly stripeBytes: number
  /** By stripe: index of the device, its first extent and its last. */
  readonly ranges: readonly { device: number; first: number; last: number }[]
}

export interface LvmImage {
  readonly path: string
  readonly offset?: number
  readonly sizeBytes?: number
}

export async function openLvm(t: TestContext, images: readonly LvmImage[]): Promise<Lvm> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-lvm-'))
  const devices: string[] = []
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    for (const device of devices) await tool('losetup', '-d', device)
    await rm(folder, { recursive: true })
  }
  t.after(close)
  for (const { path, offset = 0, sizeBytes = 0 } of images) {
    const range = sizeBytes === 0 ? [] : ['-o', `${offset}`, '--sizelimit', `${sizeBytes}`]
    devices.push((await tool('losetup', '-f', '--show', ...range, path)).trim())
  }
  const config = configOf(folder, devices)
  const run = (command: string, ...args: string[]) =>
    tool(
      'env',
      `LVM_SYSTEM_DIR=${folder}`,
      command,
      '--driverloaded',
      'n',
      '--config',
      config,
      ...args,
    )
  return { devices, run, close, segments: (group) => segmentsOf(run, devices, group) }
}

function configOf(folder: string, devices: readonly string[]): string {
  const accepted = devices.map((device) => `"a|^${device}$|"`).join(',')
  return [
    `devices{filter=[${accepted},"r|.*|"] use_devicesfile=0 scan="/dev"`,
    'external_device_info_source="none" obtain_device_list_from_udev=0}',
    `global{locking_dir="${folder}/lock"} backup{backup=0 archive=0}`,
    'activation{udev_sync=0 udev_rules=0}',
  ].join(' ')
}

async function segmentsOf(
  run: Lvm['run'],
  devices: readonly string[],
  group: string,
): Promise<LvmSegment[]> {
  const columns = 'lv_name,seg_start_pe,stripesize,seg_pe_ranges'
  const shown = ['--segments', '--noheadings', '--units', 'b', '--nosuffix']
  const text = await run('lvs', ...shown, '-o', columns, group)
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length >= 4)
    .map(([volume = '', start, stripe, ...places]) => ({
      volume,
      start: Number(start),
      stripeBytes: Number(stripe),
      ranges: places.map((place) => {
        const [, device = '', first, last] = /^(.*):(\d+)-(\d+)$/.exec(place) ?? []
        return { device: devices.indexOf(device), first: Number(first), last: Number(last) }
      }),
    }))
}

/**
 * Puts a volume's content where the device mapper would, going by what the tools say. Extents of
 * `extentBytes`, the first one at `firstBytes` of each device.
 */
export async function writeVolume(
  images: readonly LvmImage[],
  segments: readonly LvmSegment[],
  {
    content,
    extentBytes,
    firstBytes,
  }: { content: Buffer; extentBytes: number; firstBytes: number },
): Promise<void> {
  const handles = await Promise.all(images.map(({ path }) => open(path, 'r+')))
  for (const { start, stripeBytes, ranges } of segments) {
    const step = ranges.length === 1 ? extentBytes : stripeBytes
    const extents = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)
    for (let row = 0; row * step < extents * extentBytes; row++) {
      const at = start * extentBytes + row * step
      const { device, first } = ranges[row % ranges.length]!
      const place = firstBytes + first * extentBytes + Math.floor(row / ranges.length) * step
      const bytes = content.subarray(at, at + step)
      if (bytes.length > 0)
        await handles[device]!.write(bytes, 0, bytes.length, (images[device]!.offset ?? 0) + place)
    }
  }
  for (const handle of handles) await handle.close()
}
