import { ERROR_CODES, HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import { CONSISTENCY_FALLBACKS, WANTED_CONSISTENCIES } from '../../core/model/state.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { TransferWork__Output } from '../../core/wire/generated/holdfast/v1/TransferWork.ts'
import type { ServerLink } from '../link/server-link.ts'
import type { InstantWishes, SourceProvider, SourceView } from '../source/source.ts'
import type { ReadPool } from '../transfer/read-pool.ts'
import type { Throttle } from './two-limits.ts'
import { runPass } from './transfer-pass.ts'

export interface TransferDeps {
  readonly link: Pick<ServerLink, 'plan' | 'map' | 'push'>
  readonly provider: SourceProvider
  readonly pool: ReadPool
  readonly throttle: Throttle
  readonly clock: Clock
  readonly log: Logger
}

/** How far it is, for whoever watches. */
export interface ShownProgress {
  set(doneBytes: number, totalBytes: number): void
}

/** Passes over a source that somebody writes to, before it counts as unsettled. */
const PASSES = 3
const ATTEMPTS = 10
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/**
 * One transfer, to its receipt. What cuts it on the way is tried again: each attempt reads a new
 * instant from the first chunk on, and sends only what the server does not have staged.
 */
export async function runTransfer(
  deps: TransferDeps,
  order: TransferWork__Output,
  progress: ShownProgress,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptTransfer(deps, order, progress, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!isCut(error) || attempt === ATTEMPTS) throw error
      const { message: reason } = toHoldfastError(error)
      deps.log.warn('the transfer was cut and is taken up', { job: order.job, attempt, reason })
    }
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS)
    await deps.clock.sleep(waitMs, signal)
  }
}

/** Errors of the way between, not of the source: those are for the next run to try. */
function isCut(error: unknown): boolean {
  const { code } = toHoldfastError(error)
  return ERROR_CODES[code] === 'transient' && !code.startsWith('source-')
}

async function attemptTransfer(
  deps: TransferDeps,
  order: TransferWork__Output,
  progress: ShownProgress,
  signal: AbortSignal,
): Promise<void> {
  const { excludeDisks, sourceKey } = order
  const wishes = wishesOf(order)
  const view = await deps.provider.open(sourceKey, { excludeDisks, wishes, signal })
  try {
    await passes(deps, order, view, progress, signal)
  } finally {
    await view.close()
  }
}

/** What another release asks for, and this one does not know, is not asked for. */
function wishesOf({ consistency, fallback, memory }: TransferWork__Output): InstantWishes {
  return {
    consistency: WANTED_CONSISTENCIES.find((word) => word === consistency) ?? '',
    fallback: CONSISTENCY_FALLBACKS.find((word) => word === fallback) ?? '',
    memory,
  }
}

/** Again and again until two passes agree, or nobody can have written during the first. */
async function passes(
  deps: TransferDeps,
  order: TransferWork__Output,
  view: SourceView,
  progress: ShownProgress,
  signal: AbortSignal,
): Promise<void> {
  let transfer = ''
  let before: readonly Buffer[] | undefined
  for (let pass = 1; ; pass++) {
    const isLast = pass === PASSES
    const outcome = await runPass(deps, { order, view, transfer, before, isLast, progress, signal })
    if (outcome.sealed) return
    if (isLast) throw unsettled(outcome.reason)
    deps.log.info('the source was written to and is read again', { job: order.job, pass })
    transfer = outcome.transfer
    before = outcome.checksums
    await view.again()
  }
}

function unsettled(reason: string): HoldfastError {
  return new HoldfastError('source-unsettled', `the source did not hold still: ${reason}`, {
    hint: 'Shut down what writes to it, protect it as a VM, or allow it with `holdfast source set SOURCE --allow-unsettled yes`.',
  })
}
