import { z } from 'zod'

/** What the command line takes as an option's text; a file may also say it as a bare number. */
export function text<T>(parse: (text: string) => T) {
  return z.union([z.string(), z.number()], { error: notText }).transform((value, context): T => {
    try {
      return parse(String(value))
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      context.addIssue({ code: 'custom', message: `${JSON.stringify(value)}: ${message}` })
      return z.NEVER
    }
  })
}

/** For what has a check, and stays as it was written. */
export function checkedText(check: (text: string) => unknown) {
  return text((value) => {
    check(value)
    return value
  })
}

function notText({ input }: { readonly input?: unknown }): string {
  return input === undefined ? 'is missing' : 'is to be text'
}
