import type { UntypedServiceImplementation } from '@grpc/grpc-js'
import { operatorService as definition } from '../../core/wire/load.ts'
import { serverStream, unary, type Door } from './calls.ts'
import type { Caller, OperatorHandlers } from './operator-handlers.ts'

type AnyUnary = (request: unknown, caller: Caller) => Promise<unknown>

/** The Operator service: every method of the definition, each behind the same door. */
export function operatorService(
  door: Door<Caller>,
  handlers: OperatorHandlers,
): UntypedServiceImplementation {
  const { watchJob, ...others } = handlers
  const unaries = Object.entries(others as unknown as Record<string, AnyUnary>).map(
    ([name, run]) =>
      [name, unary(door, (caller: Caller, request: unknown) => run(request, caller))] as const,
  )
  const implementation: UntypedServiceImplementation = Object.fromEntries(unaries)
  implementation['watchJob'] = serverStream(
    door,
    (caller: Caller, request: Parameters<typeof watchJob>[0], signal) =>
      watchJob(request, caller, signal),
  )
  requireAll(implementation)
  return implementation
}

/** A method that is in the definition and has no handler would be found by a user, much later. */
function requireAll(implementation: UntypedServiceImplementation): void {
  const missing = Object.values(definition)
    .map(({ originalName }) => originalName ?? '')
    .filter((name) => !(name in implementation))
  if (missing.length > 0) throw new Error(`no handler for ${missing.join(', ')}`)
}
