/** What an operator may do at all; scopes say on what (server/access). */
export const ROLES = ['admin', 'operator', 'recovery-operator', 'self-service', 'viewer'] as const
export type Role = (typeof ROLES)[number]

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}
