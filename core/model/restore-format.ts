import { HoldfastError } from './error.ts'

/** Formats that a disk can be restored to: what one can hold and how its files are called. */

export const RESTORE_FORMATS = ['raw', 'qcow2', 'vhd', 'vhd-fixed', 'vhdx', 'vmdk'] as const
export type RestoreFormat = (typeof RESTORE_FORMATS)[number]

const GIB = 2 ** 30
const TIB = 2 ** 40
export const SECTOR_BYTES = 512

const LARGEST: Readonly<Record<RestoreFormat, number>> = {
  raw: Number.MAX_SAFE_INTEGER,
  qcow2: 2048 * TIB, // an L1 table of 32 MiB with clusters of 64 KiB
  vhd: 2040 * GIB,
  'vhd-fixed': 2040 * GIB,
  vhdx: 64 * TIB,
  vmdk: 62 * TIB, // what vSphere takes
}

export function isRestoreFormat(text: string): text is RestoreFormat {
  return (RESTORE_FORMATS as readonly string[]).includes(text)
}

/** What a disk of this format is restored to unless somebody says otherwise. */
export function usualFormat(sourceFormat: string): RestoreFormat {
  if (sourceFormat === 'vpc') return 'vhd'
  return isRestoreFormat(sourceFormat) ? sourceFormat : 'raw'
}

/** What the format makes of a size: all but raw count in sectors of 512 bytes. */
export function sizeInFormat(format: RestoreFormat, sizeBytes: number): number {
  return format === 'raw' ? sizeBytes : Math.ceil(sizeBytes / SECTOR_BYTES) * SECTOR_BYTES
}

/** Throws 'format-cannot-hold'. */
export function requireHolds(format: RestoreFormat, disk: string, sizeBytes: number): void {
  const fits = sizeInFormat(format, sizeBytes) <= LARGEST[format]
  if (fits && (sizeBytes > 0 || format === 'raw')) return
  const limit = fits ? 'holds no empty disk' : `holds at most ${LARGEST[format]} bytes`
  throw new HoldfastError(
    'format-cannot-hold',
    `disk ${disk} has ${sizeBytes} bytes and ${format} ${limit}`,
    { hint: fits ? 'Choose raw.' : 'Choose raw, qcow2 or vhdx.' },
  )
}

/** NAME[-DISK].EXT; the ending is not doubled when the name has it already. */
export function restoredFileName(
  name: string,
  disk: string | undefined,
  format: RestoreFormat,
): string {
  const ending = format === 'vhd-fixed' ? '.vhd' : `.${format}`
  const base = name.toLowerCase().endsWith(ending) ? name.slice(0, -ending.length) : name
  const plain = disk?.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '_')
  return `${base}${plain === undefined ? '' : `-${plain || '_'}`}${ending}`
}
