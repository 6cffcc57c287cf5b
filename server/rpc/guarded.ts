import { operatorService as definition } from '../../core/wire/operator-service.ts'
import { requireAllowed } from '../access/allowed.ts'
import { auditCall } from '../access/audit.ts'
import type { Caller } from '../access/decide.ts'
import type { Database } from '../catalog/database.ts'
import type { OperatorHandlers } from './operator-handlers.ts'

type AnyUnary = (request: object, caller: Caller) => Promise<unknown>
type AnyStream = (request: object, caller: Caller, signal: AbortSignal) => AsyncIterable<unknown>

/**
 * The same handlers behind the gate, and with each act in the audit log. Every way in wraps them so,
 * and hands out nothing else: gRPC (rpc.ts) and HTTP (server/http).
 */
export function guarded(database: Database, handlers: OperatorHandlers): OperatorHandlers {
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

function guardedUnary(database: Database, method: string, run: AnyUnary): AnyUnary {
  return async (request, caller) => {
    const isAct = await admitted(database, caller, method, request)
    if (!isAct) return run(request, caller)
    try {
      const reply = await run(request, caller)
      await auditCall(database, caller, method, request)
      return reply
    } catch (error) {
      await auditCall(database, caller, method, request, error)
      throw error
    }
  }
}

/** What goes out to somebody is on record before its first byte. */
function guardedStream(database: Database, method: string, run: AnyStream): AnyStream {
  return async function* (request, caller, signal) {
    if (await admitted(database, caller, method, request))
      await auditCall(database, caller, method, request)
    yield* run(request, caller, signal)
  }
}

/** Whether the call belongs into the audit log; one that is refused does in any case. */
async function admitted(
  database: Database,
  caller: Caller,
  method: string,
  request: object,
): Promise<boolean> {
  try {
    return (await requireAllowed(database, caller, method, request)).audit === 'always'
  } catch (error) {
    await auditCall(database, caller, method, request, error)
    throw error
  }
}
