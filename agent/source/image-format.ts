/**
 * Formats of disk images. A format comes from the file's extension or from the operator, never from
 * the bytes: a guest can write any header it likes into its raw disk.
 */
export type ImageFormat = 'raw' | 'qcow2' | 'vhd' | 'vhdx' | 'vmdk'

const BY_EXTENSION: Readonly<Record<string, ImageFormat>> = {
  raw: 'raw',
  img: 'raw',
  qcow2: 'qcow2',
  vhd: 'vhd',
  vpc: 'vhd',
  vhdx: 'vhdx',
  vmdk: 'vmdk',
}

/** What an operator may write before a path, and what backing formats are called. */
const BY_NAME: Readonly<Record<string, ImageFormat>> = {
  raw: 'raw',
  qcow2: 'qcow2',
  vhd: 'vhd',
  vpc: 'vhd',
  vhdx: 'vhdx',
  vmdk: 'vmdk',
}

/** QEMU's driver of each format. */
export const QEMU_DRIVERS: Readonly<Record<ImageFormat, string>> = {
  raw: 'raw',
  qcow2: 'qcow2',
  vhd: 'vpc',
  vhdx: 'vhdx',
  vmdk: 'vmdk',
}

export function formatByExtension(path: string): ImageFormat | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase()
  return extension === undefined ? undefined : own(BY_EXTENSION, extension)
}

export function formatByName(name: string): ImageFormat | undefined {
  return own(BY_NAME, name.toLowerCase())
}

/** `qcow2:/images/web` is a path with its format said; without one the extension decides. */
export function splitFormat(text: string): { path: string; format: ImageFormat | undefined } {
  const match = /^([a-z0-9]+):(.+)$/s.exec(text)
  const format = match?.[1] === undefined ? undefined : formatByName(match[1])
  if (format !== undefined && match?.[2] !== undefined) return { path: match[2], format }
  return { path: text, format: formatByExtension(text) }
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
