import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import {
  isLoopback,
  readBeside,
  readSecretBeside,
  readSettings,
  requirePrivate,
} from '../../core/runtime/settings-file.ts'

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

const port = 'has to be a number from 1 to 65535'

/** What `mail.json` may hold. */
export const mailShape = z
  .strictObject({
    host: z.string().regex(/^[^\s/@\p{Cc}]+$/u, 'has to be the name or number of a machine'),
    port: z.int(port).min(1, port).max(65535, port).optional(),
    security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    passwordFile: z.string().min(1).optional(),
    from: z.string().regex(/^[^\p{Cc}]*[^\s@]@[^\s@]+$/u, 'has to be a mail address'),
    authority: z.string().refine(isCertificate, 'is no certificate in PEM').optional(),
    authorityFile: z.string().min(1).optional(),
  })
  .refine(({ password, passwordFile }) => password === undefined || passwordFile === undefined, {
    error: 'give password or passwordFile, not both',
  })
  .refine(({ authority, authorityFile }) => !authority || !authorityFile, {
    error: 'give authority or authorityFile, not both',
  })
  .refine(
    ({ user, security, host }) => user === undefined || security !== 'none' || isLoopback(host),
    {
      error: 'with a user the connection has to be encrypted: security is tls or starttls',
    },
  )

/** As it is written: secrets and authorities may be names of files beside it. */
export type MailDocument = z.infer<typeof mailShape>

const named = (file: string) => ({ file, says: 'how to send mail' })

/** Throws 'invalid-argument' when it says what cannot be. */
export function mailDocument(file: string): Promise<MailDocument | undefined> {
  return readSettings(named(file), mailShape)
}

export function portOf({ port, security }: Pick<MailDocument, 'port' | 'security'>): number {
  return port ?? PORTS[security]
}

/**
 * The file as it is now, so that a change needs no restart; undefined where there is none. Throws
 * 'invalid-argument' when it says what cannot be, or when others can read the secret in it.
 */
export async function readMailSettings(file: string): Promise<MailSettings | undefined> {
  const settings = named(file)
  const said = await mailDocument(file)
  if (said === undefined) return undefined
  const { password, passwordFile, authority, authorityFile, user, host, security, from } = said
  if (password !== undefined) await requirePrivate(file)
  return {
    ...{ host, security, from, user, port: portOf(said) },
    password:
      passwordFile === undefined ? password : await readSecretBeside(settings, passwordFile),
    authority: authorityFile === undefined ? authority : await readBeside(settings, authorityFile),
  }
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== ''
  } catch {
    return false
  }
}
