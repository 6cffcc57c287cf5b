import { isUtf8 } from 'node:buffer'
import type { FileHead } from './file-sink.ts'

/*
 * ustar headers, and the PAX records for what those cannot hold: long and odd names, large sizes and
 * ids, nanoseconds, extended attributes, sparse files (GNU format 1.0).
 */

export const BLOCK = 512

export const TYPE_FLAGS: Readonly<Record<string, string>> = {
  file: '0',
  link: '2',
  'character-device': '3',
  'block-device': '4',
  folder: '5',
  fifo: '6',
}
export const HARD_LINK = '1'

export interface TarEntry {
  readonly flag: string
  readonly path: Buffer
  readonly link: Buffer
  /** Of what follows the header. */
  readonly size: number
  readonly status: FileHead['status']
  /** Further PAX records. */
  readonly records: readonly (readonly [string, Buffer])[]
}

export function tarHeaders(entry: TarEntry): Buffer {
  const records = paxRecords(entry)
  if (records.length === 0) return ustar(entry)
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)))
  const pax = ustar({
    ...{ flag: 'x', path: Buffer.from('././@PaxHeader'), link: Buffer.alloc(0), size: body.length },
    ...{ status: null, records: [] },
  })
  return Buffer.concat([pax, padded(body), ustar(entry)])
}

function paxRecords({ path, link, size, status, records }: TarEntry): [string, Buffer][] {
  const found: [string, Buffer][] = records.map(([key, value]) => [key, value])
  const say = (key: string, value: Buffer | string) => found.push([key, Buffer.from(value)])
  const isOdd = [path, link].some((name) => !isUtf8(name))
  if (isOdd && (path.length > 100 || link.length > 100)) found.unshift(['hdrcharset', BINARY])
  if (path.length > 100) say('path', path)
  if (link.length > 100) say('linkpath', link)
  if (size >= 8 ** 11) say('size', String(size))
  if (status?.owner && status.owner.uid >= 8 ** 7) say('uid', String(status.owner.uid))
  if (status?.owner && status.owner.gid >= 8 ** 7) say('gid', String(status.owner.gid))
  for (const [key, time] of [
    ['mtime', status?.modifiedAt],
    ['atime', status?.accessedAt],
  ] as const)
    if (time) say(key, paxTime(time))
  return found
}

const BINARY = Buffer.from('BINARY')

/** Seconds with a fraction; before 1970 the sign is that of both together. */
function paxTime({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }): string {
  const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
  const absolute = total < 0n ? -total : total
  const fraction = String(absolute % 1_000_000_000n).padStart(9, '0')
  return `${total < 0n ? '-' : ''}${absolute / 1_000_000_000n}.${fraction}`
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')])
  let length = rest.length
  while (length !== rest.length + String(length).length)
    length = rest.length + String(length).length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

function ustar({ flag, path, link, size, status }: TarEntry): Buffer {
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, width: number) =>
    header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1')
  const fitting = (value: number, limit: number) => (value >= 0 && value < limit ? value : 0)
  path.copy(header, 0, 0, 100)
  octal((status?.mode ?? 0o644) & 0o7777, 100, 8)
  octal(fitting(status?.owner?.uid ?? 0, 8 ** 7), 108, 8)
  octal(fitting(status?.owner?.gid ?? 0, 8 ** 7), 116, 8)
  octal(fitting(size, 8 ** 11), 124, 12)
  octal(fitting(status?.modifiedAt?.seconds ?? 0, 8 ** 11), 136, 12)
  header.write(`        ${flag}`, 148, 'latin1')
  link.copy(header, 157, 0, 100)
  header.write('ustar\u000000', 257, 'latin1')
  octal(status?.device?.major ?? 0, 329, 8)
  octal(status?.device?.minor ?? 0, 337, 8)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

export function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(padding(bytes.length))])
}

export function padding(length: number): number {
  return (BLOCK - (length % BLOCK)) % BLOCK
}
