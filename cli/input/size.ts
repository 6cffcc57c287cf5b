const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** Bytes of `50MiB`, `1.5G` (1024), `2TB` (1000) or a bare number; undefined when it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const unit = UNITS[(match?.[2] ?? '').toLowerCase()]
  if (match?.[1] === undefined || unit === undefined) return undefined
  const bytes = Math.round(Number(match[1]) * unit)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Bytes a second of `50MiB` or `50MiB/s`; 0 for `none`. */
export function parseRate(text: string): number | undefined {
  if (text === 'none') return 0
  const rate = parseSize(text.replace(/\/s$/, ''))
  return rate === 0 ? undefined : rate
}

/** The shortest text that `parseSize` reads as just so many bytes. */
export function exactSize(bytes: number): string {
  const units = ['TiB', 'GiB', 'MiB', 'KiB']
  const powers = [2 ** 40, 2 ** 30, 2 ** 20, 2 ** 10]
  const at = powers.findIndex((power) => bytes >= power && bytes % power === 0)
  return at < 0 ? String(bytes) : `${bytes / (powers[at] ?? 1)}${units[at] ?? ''}`
}

/** The same of a rate, where 0 is no limit. */
export function exactRate(bytesPerSecond: number): string {
  return bytesPerSecond === 0 ? 'none' : exactSize(bytesPerSecond)
}
