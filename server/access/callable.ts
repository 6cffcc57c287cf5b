import type { Caller } from './decide.ts'
import { METHODS, type MethodName } from './methods.ts'

/**
 * What somebody may call at all, with whatever request: a console shows no more than that. Each call
 * is judged by itself all the same.
 */
export function callableBy({ role, sees }: Pick<Caller, 'role' | 'sees'>): MethodName[] {
  return (Object.keys(METHODS) as MethodName[]).filter((name) => {
    const { roles, scoped } = METHODS[name]
    return roles.includes(role) && (sees === null || scoped !== 'no')
  })
}
