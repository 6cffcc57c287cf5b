import { HoldfastError } from '../../core/model/error.ts'
import {
  isRestoreFormat,
  usualFormat,
  type RestoreFormat,
} from '../../core/model/restore-format.ts'

/** How QEMU is told to make a format; what it can hold is core/model/restore-format.ts. */
export interface TargetFormat {
  readonly name: RestoreFormat
  readonly extension: string
  /** QEMU's driver; `raw` files are written without it. */
  readonly driver: 'raw' | 'qcow2' | 'vpc' | 'vhdx' | 'vmdk'
  readonly createOptions: readonly string[]
  /** The file has the disk's full size, whatever is in it. */
  readonly fixed: boolean
  /** Blocks of the file are taken from the file system beforehand. */
  readonly preallocate: boolean
}

const formats: Record<RestoreFormat, (preallocate: boolean) => TargetFormat> = {
  raw: (preallocate) => base('raw', 'raw', 'raw', preallocate),
  qcow2: (preallocate) => ({
    ...base('qcow2', 'qcow2', 'qcow2', preallocate),
    createOptions: [
      'compat=1.1',
      'cluster_size=65536',
      ...(preallocate ? ['preallocation=falloc'] : []),
    ],
  }),
  // Without force_size a VHD's size is rounded to a geometry of cylinders, up to 1 MiB away.
  vhd: (preallocate) =>
    preallocate ? vhdFixed(true) : { ...vhdFixed(false), ...dynamicVhd, fixed: false, name: 'vhd' },
  'vhd-fixed': (preallocate) => vhdFixed(preallocate),
  vhdx: (preallocate) => ({
    ...base('vhdx', 'vhdx', 'vhdx', preallocate),
    createOptions: [preallocate ? 'subformat=fixed' : 'subformat=dynamic'],
  }),
  vmdk: (preallocate) => ({
    ...base('vmdk', 'vmdk', 'vmdk', preallocate),
    createOptions: [preallocate ? 'subformat=monolithicFlat' : 'subformat=monolithicSparse'],
  }),
}

const dynamicVhd = { createOptions: ['subformat=dynamic', 'force_size=on'] } as const

function vhdFixed(preallocate: boolean): TargetFormat {
  return {
    ...base('vhd-fixed', 'vhd', 'vpc', preallocate),
    createOptions: ['subformat=fixed', 'force_size=on'],
    fixed: true,
  }
}

function base(
  name: RestoreFormat,
  extension: string,
  driver: TargetFormat['driver'],
  preallocate: boolean,
): TargetFormat {
  return { name, extension, driver, createOptions: [], fixed: preallocate, preallocate }
}

/** The format by the name that the command line uses, or the name that a source's disk carries. */
export function targetFormat(name: string, preallocate: boolean): TargetFormat {
  const usual = name === 'vpc' ? usualFormat(name) : name
  if (isRestoreFormat(usual)) return formats[usual](preallocate)
  throw new HoldfastError('format-unsupported', `"${name}" is no format to restore to`, {
    hint: `Formats are ${Object.keys(formats).join(', ')}.`,
  })
}
