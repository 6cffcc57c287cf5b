import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { HoldfastError } from '../../core/model/error.ts'

/** How this server sends mail; docs/configuration.md explains each key. */
export interface MailSettings {
  readonly host: string
  readonly port: number
  /** `tls` from the first byte, `starttls` demanded, or `none`. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user: string | undefined
  readonly password: string | undefined
  readonly from: string
  /** PEM of an authority of one's own; absent: those that Node knows. */
  readonly authority: string | undefined
}

const PORTS = { tls: 465, starttls: 587, none: 25 } as const

const shape = z
  .strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65535).optional(),
    security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    passwordFile: z.string().min(1).optional(),
    from: z.string().includes('@'),
    authorityFile: z.string().min(1).optional(),
  })
  .refine(({ password, passwordFile }) => password === undefined || passwordFile === undefined, {
    error: 'give password or passwordFile, not both',
  })
  .refine(
    ({ user, security, host }) => user === undefined || security !== 'none' || isLoopback(host),
    {
      error: 'with a user the connection has to be encrypted: security is tls or starttls',
    },
  )

/**
 * The file as it is now, so that a change needs no restart; undefined where there is none. Throws
 * 'invalid-argument' when it says what cannot be, or when others can read the secret in it.
 */
export async function readMailSettings(file: string): Promise<MailSettings | undefined> {
  const text = await readIfThere(file)
  if (text === undefined) return undefined
  const parsed = shape.safeParse(parseJson(file, text))
  if (!parsed.success) throw wrong(file, parsed.error.issues.map(inWords).join('; '))
  const { port, password, passwordFile, authorityFile, user, ...rest } = parsed.data
  if (password !== undefined) await requirePrivate(file)
  const beside = (name: string) => path.resolve(path.dirname(file), name)
  return {
    ...rest,
    port: port ?? PORTS[rest.security],
    user,
    password: passwordFile === undefined ? password : await readSecretFile(beside(passwordFile)),
    authority: authorityFile === undefined ? undefined : await readOr(beside(authorityFile)),
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw wrong(file, (cause as Error).message)
  }
}

function inWords({ path: [key], message }: z.core.$ZodIssue): string {
  return key === undefined ? message : `${String(key)}: ${message}`
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw wrong(file, (error as Error).message)
  }
}

async function readOr(file: string): Promise<string> {
  const text = await readIfThere(file)
  if (text === undefined) throw wrong(file, 'it is not there')
  return text
}

async function readSecretFile(file: string): Promise<string> {
  const secret = (await readOr(file)).replace(/\r?\n$/, '')
  await requirePrivate(file)
  if (secret === '' || secret.includes('\n')) throw wrong(file, 'it does not hold one line')
  return secret
}

const READ_BY_OTHERS = 0o077

async function requirePrivate(file: string): Promise<void> {
  const { mode } = await stat(file)
  if ((mode & READ_BY_OTHERS) === 0) return
  throw new HoldfastError('invalid-argument', `others can read the secret in ${file}`, {
    hint: `chmod 600 ${file}`,
  })
}

function wrong(file: string, why: string): HoldfastError {
  return new HoldfastError('invalid-argument', `${file} does not say how to send mail: ${why}`, {
    hint: 'docs/configuration.md has what it may hold.',
  })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
