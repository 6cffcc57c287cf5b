/** One line of a guest's /etc/fstab. */
export interface FstabEntry {
  /** `UUID=…`, `LABEL=…`, `/dev/…`, … */
  readonly what: string
  /** `/home`, without a slash at its end; `/` is empty. Bytes as latin1. */
  readonly at: string
  readonly options: readonly string[]
}

export const MAX_FSTAB_BYTES = 256 * 1024
const MAX_ENTRIES = 512

/** What cannot be a mount of a disk is left out. Later lines hide earlier ones of the same place. */
export function parseFstab(bytes: Buffer): FstabEntry[] {
  const entries: FstabEntry[] = []
  for (const line of bytes.toString('latin1').split('\n')) {
    const [what = '', at = '', , options = ''] = line
      .trim()
      .split(/[ \t]+/)
      .map(unescaped)
    if (what === '' || what.startsWith('#') || !at.startsWith('/')) continue
    const plain = at.split('/').filter(Boolean)
    if (plain.some((name) => name === '.' || name === '..')) continue
    entries.push({
      what: what.replaceAll('"', ''),
      at: plain.map((name) => `/${name}`).join(''),
      options: options.split(','),
    })
    if (entries.length === MAX_ENTRIES) break
  }
  return entries
}

/** Spaces and the like are written as octal numbers. */
function unescaped(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8) & 0xff),
  )
}
