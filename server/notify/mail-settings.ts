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
  const settings = { file, says: 'how to send mail' }
  const said = await readSettings(settings, shape)
  if (said === undefined) return undefined
  const { port, password, passwordFile, authorityFile, user, ...rest } = said
  if (password !== undefined) await requirePrivate(file)
  return {
    ...rest,
    port: port ?? PORTS[rest.security],
    user,
    password:
      passwordFile === undefined ? password : await readSecretBeside(settings, passwordFile),
    authority: authorityFile === undefined ? undefined : await readBeside(settings, authorityFile),
  }
}
