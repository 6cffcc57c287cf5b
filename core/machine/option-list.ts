/*
 * QEMU's own notation of options: `driver=qcow2,node-name=a,file.filename=/b`, where a comma inside
 * of a value is written twice; or a JSON object.
 */

export interface QemuOption {
  readonly key: string
  /** Undefined: a word alone, such as the first of `-device virtio-net-pci,mac=…`. */
  readonly value: string | undefined
}

export function parseOptions(text: string): QemuOption[] {
  if (text.startsWith('{')) return parseJson(text)
  return splitAtCommas(text).map((part) => {
    const equals = part.indexOf('=')
    if (equals < 0) return { key: part, value: undefined }
    return { key: part.slice(0, equals), value: part.slice(equals + 1) }
  })
}

/** In the notation of `like`. */
export function formatOptions(options: readonly QemuOption[], like: string): string {
  if (like.startsWith('{')) return formatJson(options, like)
  return options
    .map(({ key, value }) => (value === undefined ? key : `${key}=${value}`))
    .map((part) => part.replaceAll(',', ',,'))
    .join(',')
}

export function valueOf(options: readonly QemuOption[], key: string): string | undefined {
  return options.find((option) => option.key === key)?.value
}

/** With `key` set to `value`; undefined takes it out. */
export function withValue(
  options: readonly QemuOption[],
  key: string,
  value: string | undefined,
): QemuOption[] {
  const others = options.filter((option) => option.key !== key)
  if (value === undefined) return others
  const at = options.findIndex((option) => option.key === key)
  return at < 0 ? [...options, { key, value }] : others.toSpliced(at, 0, { key, value })
}

/** What a device is, whichever way it is written. */
export function driverOf(options: readonly QemuOption[]): string {
  const [first] = options
  return valueOf(options, 'driver') ?? (first?.value === undefined ? (first?.key ?? '') : '')
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = ['']
  for (let at = 0; at < text.length; at++) {
    const isComma = text[at] === ','
    if (isComma && text[at + 1] !== ',') parts.push('')
    else parts.push(`${parts.pop() ?? ''}${text[at] ?? ''}`)
    if (isComma && text[at + 1] === ',') at++
  }
  return parts
}

/** Only what stands at the top: deeper things are left as they are written. */
function parseJson(text: string): QemuOption[] {
  const object = JSON.parse(text) as Record<string, unknown>
  return Object.entries(object).flatMap(([key, value]) =>
    typeof value === 'string' ? [{ key, value }] : [],
  )
}

function formatJson(options: readonly QemuOption[], like: string): string {
  const object = JSON.parse(like) as Record<string, unknown>
  for (const [key, value] of Object.entries(object))
    if (typeof value === 'string' && valueOf(options, key) === undefined) delete object[key]
  for (const { key, value } of options) object[key] = value ?? ''
  return JSON.stringify(object)
}
