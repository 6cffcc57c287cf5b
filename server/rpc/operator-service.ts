import type { UntypedServiceImplementation } from '@grpc/grpc-js'
import { operatorService as definition } from '../../core/wire/operator-service.ts'
import { serverStream, unary, type Door } from './calls.ts'
import type { Caller, OperatorHandlers } from './operator-handlers.ts'

type AnyUnary = (request: unknown, caller: Caller) => Promise<unknown>
type AnyStream = (request: unknown, caller: Caller, signal: AbortSignal) => AsyncIterable<unknown>

/** The Operator service: every method of the definition, each behind the same door. */
export function operatorService(
  door: Door<Caller>,
  handlers: OperatorHandlers,
): UntypedServiceImplementation {
  const streams = new Set(
    Object.values(definition).flatMap(({ originalName, responseStream }) =>
      responseStream ? [originalName] : [],
    ),
  )
  const implementation: UntypedServiceImplementation = Object.fromEntries(
    Object.entries(handlers).map(([name, run]) => [
      name,
      streams.has(name) ? streaming(door, run as AnyStream) : single(door, run as AnyUnary),
    ]),
  )
  requireAll(implementation)
  return implementation
}

function single(door: Door<Caller>, run: AnyUnary) {
  return unary(door, (caller: Caller, request: unknown) => run(request, caller))
}

function streaming(door: Door<Caller>, run: AnyStream) {
  return serverStream(door, (caller: Caller, request: unknown, signal) =>
    run(request, caller, signal),
  )
}

/** A method that is in the definition and has no handler would be found by a user, much later. */
function requireAll(implementation: UntypedServiceImplementation): void {
  const missing = Object.values(definition)
    .map(({ originalName }) => originalName ?? '')
    .filter((name) => !(name in implementation))
  if (missing.length > 0) throw new Error(`no handler for ${missing.join(', ')}`)
}
