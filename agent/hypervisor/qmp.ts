import { HoldfastError } from '../../core/model/error.ts'

export interface AskOptions {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

export interface QmpEvent {
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A VM's monitor, however it is reached: by its own socket, or through libvirt. */
export interface Qmp {
  /** Its connection is lost or closed: every further command fails. */
  readonly hasEnded: boolean
  /** Rejects with QmpRefusal when QEMU says no, with vm-unreachable when it says nothing in time. */
  execute<T = unknown>(
    command: string,
    args?: Readonly<Record<string, unknown>>,
    options?: AskOptions,
  ): Promise<T>
  /** Commands that this QEMU knows. */
  commands(): Promise<ReadonlySet<string>>
  close(): Promise<void>
  /** What QEMU tells unasked, from when it resolves; it gives how to end it. */
  onEvent(listener: (event: QmpEvent) => void): Promise<() => void>
}

/** QEMU refused a command. `desc` is in QEMU's own words. */
export class QmpRefusal extends HoldfastError {
  readonly command: string
  readonly desc: string

  constructor(command: string, desc: string) {
    super('hypervisor-failed', `QEMU refused ${command}: ${desc}`)
    this.command = command
    this.desc = desc
  }
}

/** `isAbsent`: nobody is there to answer, because the VM does not run. */
export function unreachable(
  why: string,
  isAbsent = false,
  hint = 'Does it run, and may the agent open its QMP socket?',
): HoldfastError {
  return new HoldfastError('vm-unreachable', `the VM's monitor cannot be reached: ${why}`, {
    hint,
    details: { isAbsent },
  })
}

/** Nobody listens: the VM does not run, or not with this monitor. */
export function isMonitorAbsent(error: unknown): boolean {
  return error instanceof HoldfastError && error.details['isAbsent'] === true
}
