import { HoldfastError } from '../../core/model/error.ts'

/** What one image format needs, can hold, and how QEMU is told to make it. */
export interface TargetFormat {
  readonly name: string
  readonly extension: string
  /** QEMU's driver; `raw` files are written without it. */
  readonly driver: 'raw' | 'qcow2' | 'vpc' | 'vhdx' | 'vmdk'
  readonly createOptions: readonly string[]
  /** The file has the disk's full size, whatever is in it. */
  readonly fixed: boolean
  /** Blocks of the file are taken from the file system beforehand. */
  readonly preallocate: boolean
  readonly minimumBytes: number
  readonly maximumBytes: number
}

const GIB = 2 ** 30
const TIB = 2 ** 40
export const SECTOR_BYTES = 512

const formats: Record<string, (preallocate: boolean) => TargetFormat> = {
  raw: (preallocate) => ({
    ...base('raw', 'raw', 'raw', preallocate),
    minimumBytes: 0,
    maximumBytes: Number.MAX_SAFE_INTEGER,
  }),
  qcow2: (preallocate) => ({
    ...base('qcow2', 'qcow2', 'qcow2', preallocate),
    createOptions: [
      'compat=1.1',
      'cluster_size=65536',
      ...(preallocate ? ['preallocation=falloc'] : []),
    ],
    minimumBytes: 0,
    maximumBytes: 2048 * TIB, // an L1 table of 32 MiB with clusters of 64 KiB
  }),
  // Without force_size a VHD's size is rounded to a geometry of cylinders, up to 1 MiB away.
  vhd: (preallocate) =>
    preallocate ? vhdFixed(true) : { ...vhdFixed(false), ...dynamicVhd, fixed: false, name: 'vhd' },
  'vhd-fixed': (preallocate) => vhdFixed(preallocate),
  vhdx: (preallocate) => ({
    ...base('vhdx', 'vhdx', 'vhdx', preallocate),
    createOptions: [preallocate ? 'subformat=fixed' : 'subformat=dynamic'],
    maximumBytes: 64 * TIB,
  }),
  vmdk: (preallocate) => ({
    ...base('vmdk', 'vmdk', 'vmdk', preallocate),
    createOptions: [preallocate ? 'subformat=monolithicFlat' : 'subformat=monolithicSparse'],
    maximumBytes: 62 * TIB, // what vSphere takes
  }),
}

const dynamicVhd = { createOptions: ['subformat=dynamic', 'force_size=on'] } as const

function vhdFixed(preallocate: boolean): TargetFormat {
  return {
    ...base('vhd-fixed', 'vhd', 'vpc', preallocate),
    createOptions: ['subformat=fixed', 'force_size=on'],
    fixed: true,
    maximumBytes: 2040 * GIB,
  }
}

function base(
  name: string,
  extension: string,
  driver: TargetFormat['driver'],
  preallocate: boolean,
): TargetFormat {
  const limits = { minimumBytes: 1, maximumBytes: 0 }
  return { name, extension, driver, createOptions: [], fixed: preallocate, preallocate, ...limits }
}

/** The format by the name that the command line uses, or the name that a source's disk carries. */
export function targetFormat(name: string, preallocate: boolean): TargetFormat {
  const make = formats[name === 'vpc' ? 'vhd' : name]
  if (make) return make(preallocate)
  throw new HoldfastError('format-unsupported', `"${name}" is no format to restore to`, {
    hint: `Formats are ${Object.keys(formats).join(', ')}.`,
  })
}

/** What the format makes of the size: all but raw count in sectors of 512 bytes. */
export function sizeInFormat(format: TargetFormat, sizeBytes: number): number {
  if (format.driver === 'raw') return sizeBytes
  return Math.ceil(sizeBytes / SECTOR_BYTES) * SECTOR_BYTES
}

export function checkHolds(format: TargetFormat, disk: string, sizeBytes: number): void {
  const size = sizeInFormat(format, sizeBytes)
  if (size >= format.minimumBytes && size <= format.maximumBytes) return
  const limit =
    size > format.maximumBytes
      ? `${format.name} holds at most ${format.maximumBytes} bytes`
      : `${format.name} holds no empty disk`
  throw new HoldfastError(
    'format-cannot-hold',
    `disk ${disk} has ${sizeBytes} bytes and ${limit}`,
    { hint: 'Choose raw, qcow2 or vhdx.' },
  )
}
