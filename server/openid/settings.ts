import { z } from 'zod'
import { ROLES, type Role } from '../../core/model/role.ts'
import { isLoopback, readSecretBeside, readSettings } from '../../core/runtime/settings-file.ts'

/** How people sign in to the console through an OpenID provider; docs/configuration.md has each key. */
export interface OpenIdSettings {
  readonly issuer: URL
  readonly clientId: string
  /** Absent: the provider knows this client by PKCE alone. */
  readonly clientSecret: string | undefined
  /** Stands on the button. */
  readonly label: string
  /** Where browsers reach the console, a slash at its end. */
  readonly console: URL
  readonly scopes: readonly string[]
  readonly nameClaim: string
  readonly roleClaim: string
  /** The first that somebody has counts; who has none is refused. */
  readonly roles: readonly RoleRule[]
}

export interface RoleRule {
  readonly value: string
  readonly role: Role
  /** KIND:VALUE, as `holdfast operator add --scope` takes them. */
  readonly scopes: readonly string[]
}

const address = z
  .url()
  .transform((text) => new URL(text))
  .refine(({ protocol, hostname }) => protocol === 'https:' || isLoopback(hostname), {
    error: 'https, but on loopback',
  })

const shape = z.strictObject({
  issuer: address,
  clientId: z.string().min(1),
  clientSecretFile: z.string().min(1).optional(),
  label: z.string().min(1).max(60).optional(),
  console: address,
  scopes: z.array(z.string().regex(/^\S+$/)).default(['profile']),
  nameClaim: z.string().min(1).default('preferred_username'),
  roleClaim: z.string().min(1).default('groups'),
  roles: z
    .array(
      z.strictObject({
        value: z.string().min(1),
        role: z.enum(ROLES),
        scopes: z.array(z.string().min(1)).default([]),
      }),
    )
    .min(1),
})

/** Undefined where there is no such file. Throws 'invalid-argument'. */
export async function readOpenIdSettings(file: string): Promise<OpenIdSettings | undefined> {
  const settings = { file, says: 'how to sign in' }
  const said = await readSettings(settings, shape)
  if (said === undefined) return undefined
  const { clientSecretFile, label, console, ...rest } = said
  return {
    ...rest,
    label: label ?? rest.issuer.hostname,
    console: new URL(console.href.replace(/\/?$/, '/')),
    clientSecret:
      clientSecretFile === undefined
        ? undefined
        : await readSecretBeside(settings, clientSecretFile),
  }
}
