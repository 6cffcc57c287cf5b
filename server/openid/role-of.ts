import type { RoleRule } from './settings.ts'

/** What the provider says of somebody. */
export type Claims = Readonly<Record<string, unknown>>

/** The first rule whose value is among what the claim says; undefined: no role at all. */
export function ruleFor(
  claims: Claims,
  { roleClaim, roles }: { readonly roleClaim: string; readonly roles: readonly RoleRule[] },
): RoleRule | undefined {
  const said = claimOf(claims, roleClaim)
  const values = Array.isArray(said) ? (said as readonly unknown[]) : [said]
  return roles.find(({ value }) => values.includes(value))
}

/** By its name; where none is named so, by a path: `realm_access.roles`. Own properties only. */
export function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name.split('.').reduce<unknown>((within, part) => {
    const isObject = typeof within === 'object' && within !== null
    return isObject && Object.hasOwn(within, part) ? (within as Claims)[part] : undefined
  }, claims)
}
