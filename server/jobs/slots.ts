import type { JobKind } from '../../core/model/state.ts'
import type { JobLimits } from '../limits.ts'

export interface Running {
  readonly host: string | null
  readonly kind: JobKind
}

export function isRecovery(kind: JobKind): boolean {
  return kind === 'recovery' || kind === 'item-recovery'
}

/** Recoveries have slots of their own: no backup makes one wait. */
export function hasSlot(
  limits: JobLimits,
  running: Iterable<Running>,
  kind: JobKind,
  host: string,
): boolean {
  const alike = [...running].filter(
    (other) => other.host !== null && isRecovery(other.kind) === isRecovery(kind),
  )
  if (isRecovery(kind)) return alike.length < limits.recoveries
  const ofHost = alike.filter((other) => other.host === host).length
  return alike.length < limits.transfers && ofHost < limits.transfersOfHost
}

/** Of these hosts, those whose agents may be given a further transfer. */
export function hostsWithSlots(
  limits: JobLimits,
  running: Iterable<Running>,
  hosts: readonly string[],
): string[] {
  const all = [...running]
  return hosts.filter((host) => hasSlot(limits, all, 'synchronization', host))
}
