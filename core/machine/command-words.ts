/** What a shell would do more with than split it into words. */
const SHELL = /[|&;<>()$`*?[\]#~]|=\(/

/**
 * A start command as words. One that only a shell understands has none: then nothing in it can be
 * changed for a restored VM.
 */
export function wordsOf(command: string | readonly string[]): string[] | undefined {
  if (typeof command !== 'string') return [...command]
  const words: string[] = []
  for (const [part = '', single, double, plain] of command.matchAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|((?:[^\s'"\\]|\\.)+)|\s+/g,
  )) {
    if (/^\s+$/.test(part)) {
      if (words.at(-1) !== '') words.push('')
      continue
    }
    const text = single ?? (double ?? plain ?? '').replaceAll(/\\(.)/g, '$1')
    if (single === undefined && SHELL.test((double ?? plain ?? '').replaceAll(/\\./g, '')))
      return undefined
    words.push(`${words.pop() ?? ''}${text}`)
  }
  return words.filter((word) => word !== '')
}

/** For a script that people read. */
export function shellQuoted(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ')
}
