import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { HoldfastError } from '../model/error.ts'

/** A JSON file that an operator writes; `says` ends the sentence "FILE does not say …". */
export interface SettingsFile {
  readonly file: string
  readonly says: string
}

/**
 * What the file says now, so that a change needs no restart; undefined where there is none. Throws
 * 'invalid-argument' with every problem when it says what cannot be.
 */
export async function readSettings<Shape extends z.ZodType>(
  settings: SettingsFile,
  shape: Shape,
): Promise<z.infer<Shape> | undefined> {
  const text = await readIfThere(settings, settings.file)
  if (text === undefined) return undefined
  const parsed = shape.safeParse(parseJson(settings, text))
  if (!parsed.success) throw wrong(settings, parsed.error.issues.map(inWords).join('; '))
  return parsed.data
}

/** A file that the settings name, relative to their own. */
export async function readBeside(settings: SettingsFile, name: string): Promise<string> {
  const file = beside(settings, name)
  const text = await readIfThere(settings, file)
  if (text === undefined) throw wrong(settings, `${file} is not there`)
  return text
}

/** One line, which nobody but the file's owner may read. */
export async function readSecretBeside(settings: SettingsFile, name: string): Promise<string> {
  const secret = (await readBeside(settings, name)).replace(/\r?\n$/, '')
  const file = beside(settings, name)
  await requirePrivate(file)
  if (secret === '' || secret.includes('\n'))
    throw wrong(settings, `${file} does not hold one line`)
  return secret
}

const READ_BY_OTHERS = 0o077

export async function requirePrivate(file: string): Promise<void> {
  const { mode } = await stat(file)
  if ((mode & READ_BY_OTHERS) === 0) return
  throw new HoldfastError('invalid-argument', `others can read the secret in ${file}`, {
    hint: `chmod 600 ${file}`,
  })
}

function beside({ file }: SettingsFile, name: string): string {
  return path.resolve(path.dirname(file), name)
}

function parseJson(settings: SettingsFile, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw wrong(settings, (cause as Error).message)
  }
}

async function readIfThere(settings: SettingsFile, file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw wrong(settings, (error as Error).message)
  }
}

function inWords({ path: [key], message }: z.core.$ZodIssue): string {
  return key === undefined ? message : `${String(key)}: ${message}`
}

function wrong({ file, says }: SettingsFile, why: string): HoldfastError {
  return new HoldfastError('invalid-argument', `${file} does not say ${says}: ${why}`, {
    hint: 'docs/configuration.md has what it may hold.',
  })
}

export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || host.startsWith('127.')
}
