import { formatOptions, parseOptions } from './option-list.ts'

/** A path, alone or after what says how it is used: `file:/a`, `unix:/b`. */
const PATH = /^([a-z]+:)?(\/.*)$/s

/** A word of a command with its paths exchanged, wherever one stands whole. */
export function mapPaths(word: string, map: (path: string) => string | undefined): string {
  const exchanged = (text: string) => {
    const [, before = '', path] = PATH.exec(text) ?? []
    const other = path === undefined ? undefined : map(path)
    return other === undefined ? text : `${before}${other}`
  }
  if (word.startsWith('{')) return mapJson(word, exchanged)
  const options = parseOptions(word)
  const mapped = options.map(({ key, value }) =>
    value === undefined ? { key: exchanged(key), value } : { key, value: exchanged(value) },
  )
  const isSame = mapped.every(
    ({ key, value }, at) => key === options[at]?.key && value === options[at].value,
  )
  return isSame ? word : formatOptions(mapped, word)
}

/** Unchanged text where nothing in it changes: what is no JSON after all stays what it is. */
function mapJson(word: string, exchanged: (text: string) => string): string {
  try {
    let hasChanged = false
    const object: unknown = JSON.parse(word, (_, value: unknown) => {
      if (typeof value !== 'string') return value
      const other = exchanged(value)
      hasChanged ||= other !== value
      return other
    })
    return hasChanged ? JSON.stringify(object) : word
  } catch {
    return word
  }
}
