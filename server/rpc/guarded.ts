import { operatorService as definition } from '../../core/wire/load.ts'
import { requireAllowed } from '../access/allowed.ts'
import type { Caller } from '../access/decide.ts'
import type { Queryable } from '../catalog/database.ts'
import type { OperatorHandlers } from './operator-handlers.ts'

type AnyUnary = (request: object, caller: Caller) => Promise<unknown>
type AnyStream = (request: object, caller: Caller, signal: AbortSignal) => AsyncIterable<unknown>

/**
 * The same handlers behind the gate. Every way in wraps them so, and hands out nothing else: gRPC
 * (rpc.ts) and HTTP (server/http).
 */
export function guarded(database: Queryable, handlers: OperatorHandlers): OperatorHandlers {
  const entries = Object.entries(definition).map(([method, { originalName, responseStream }]) => {
    const name = originalName ?? method
    const run = handlers[name as keyof OperatorHandlers]
    if (run === undefined) throw new Error(`no handler for ${name}`)
    return [
      name,
      responseStream
        ? guardedStream(database, method, run as AnyStream)
        : guardedUnary(database, method, run as AnyUnary),
    ]
  })
  return Object.fromEntries(entries) as OperatorHandlers
}

function guardedUnary(database: Queryable, method: string, run: AnyUnary): AnyUnary {
  return async (request, caller) => {
    await requireAllowed(database, caller, method, request)
    return run(request, caller)
  }
}

function guardedStream(database: Queryable, method: string, run: AnyStream): AnyStream {
  return async function* (request, caller, signal) {
    await requireAllowed(database, caller, method, request)
    yield* run(request, caller, signal)
  }
}
