import { stat } from 'node:fs/promises'
import { toHoldfastError } from '../../core/model/error.ts'
import { parseDomainAddress } from '../libvirt/domain-address.ts'
import { dismantle, removeFiles } from './dismantle.ts'
import { isMonitorAbsent } from './qmp.ts'
import type { VmContext } from './vm-context.ts'
import type { VmUndoRecord } from './vm-undo.ts'

const AGAIN_MS = 60 * 60 * 1000
/** Of guests that may stand still: soon at first, then less often. */
const SOON_MS = 5_000
const LATER_MS = 60_000

/**
 * Takes out of each VM what jobs of an agent that died left in it. A record whose VM cannot be
 * reached stays and is tried again. Call at start, before any job is taken.
 */
export async function replayVmUndo(
  context: VmContext,
  isRunning: (job: string) => boolean = () => false,
  isMeant: (record: VmUndoRecord) => boolean = () => true,
): Promise<void> {
  for (const record of await context.undoLog.records()) {
    if (isRunning(record.job) || !isMeant(record)) continue
    // Its job may have ended well since it was read; another one may have begun.
    if (!(await context.undoLog.holds(record.job))) continue
    try {
      await replay(context, record)
      await context.undoLog.forget(record.job)
      context.log.info('what a job left in a VM is cleaned up', { job: record.job, vm: record.vm })
    } catch (error) {
      const { message: reason } = toHoldfastError(error)
      context.log.warn('what a job left in a VM stays for now', { job: record.job, reason })
    }
  }
}

async function replay({ monitors, clock }: VmContext, record: VmUndoRecord): Promise<void> {
  const isSocket = !parseDomainAddress(record.qmp)
  const socket = isSocket && (await stat(record.qmp).catch(() => undefined))
  if (isSocket && !socket) return removeFiles(record) // that QEMU is no more
  try {
    await monitors.use(record.qmp, (qmp) => dismantle(qmp, record, clock))
  } catch (error) {
    // A socket that nobody listens at is what a killed QEMU leaves.
    if (!isMonitorAbsent(error)) throw error
    await removeFiles(record)
  }
}

/** What an earlier job could not take out of this VM goes before the next one puts its own in. */
export function cleanUpBefore(context: VmContext, address: string): Promise<void> {
  return replayVmUndo(
    context,
    (job) => context.undoLog.isOpen(job),
    ({ qmp }) => qmp === address,
  )
}

/** Whose guest may stand still: nobody but us lets it go on. */
function holdsGuest({ isStopped, memory, frozenAgent }: VmUndoRecord): boolean {
  return isStopped || memory !== undefined || frozenAgent !== ''
}

/**
 * Each hour again, for VMs that could not be reached, and sooner where a guest may stand still.
 * Returns how to end it.
 */
export function followVmUndo(context: VmContext): () => Promise<void> {
  const stop = new AbortController()
  const ended = (async () => {
    const { clock, undoLog } = context
    const isOpen = (job: string) => undoLog.isOpen(job)
    let pause = SOON_MS
    for (let due = clock.monotonic() + AGAIN_MS; ;) {
      await clock.sleep(pause, stop.signal).catch(() => {})
      if (stop.signal.aborted) return
      const isDue = clock.monotonic() >= due
      if (isDue) due = clock.monotonic() + AGAIN_MS
      await replayVmUndo(context, isOpen, isDue ? undefined : holdsGuest)
      const left = await undoLog.records()
      const isHeld = left.some((one) => !isOpen(one.job) && holdsGuest(one))
      pause = isHeld ? Math.min(pause * 2, LATER_MS) : SOON_MS
    }
  })()
  return async () => {
    stop.abort()
    await ended
  }
}
