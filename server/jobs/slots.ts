import type { JobKind } from '../../core/model/state.ts'

/** At once: transfers of one agent and of this server, recoveries of this server. */
const TRANSFERS_OF_A_HOST = 2
const TRANSFERS = 16
const RECOVERIES = 8

export interface Running {
  readonly host: string | null
  readonly kind: JobKind
}

export function isRecovery(kind: JobKind): boolean {
  return kind === 'recovery' || kind === 'item-recovery'
}

/** Recoveries have slots of their own: no backup makes one wait. */
export function hasSlot(running: Iterable<Running>, kind: JobKind, host: string): boolean {
  const alike = [...running].filter(
    (other) => other.host !== null && isRecovery(other.kind) === isRecovery(kind),
  )
  if (isRecovery(kind)) return alike.length < RECOVERIES
  const ofHost = alike.filter((other) => other.host === host).length
  return alike.length < TRANSFERS && ofHost < TRANSFERS_OF_A_HOST
}

/** Of these hosts, those whose agents may be given a further transfer. */
export function hostsWithSlots(running: Iterable<Running>, hosts: readonly string[]): string[] {
  const all = [...running]
  return hosts.filter((host) => hasSlot(all, 'synchronization', host))
}
