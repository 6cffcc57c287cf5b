import { HoldfastError } from '../../core/model/error.ts'

/** Numbers of libvirt's that decide what is done. */
const OPERATION_INVALID = 55
const NO_DOMAIN = 42
const OPERATION_TIMEOUT = 68

/** libvirt said no; `said` is in its own words. */
export class LibvirtRefusal extends HoldfastError {
  readonly number: number
  readonly said: string

  constructor(number: number, said: string) {
    super(
      number === OPERATION_TIMEOUT ? 'vm-busy' : 'hypervisor-failed',
      number === OPERATION_TIMEOUT
        ? `libvirt is busy with the VM: ${said}`
        : `libvirt refused: ${said}`,
    )
    this.number = number
    this.said = said
  }
}

export function isDomainAbsent(error: unknown): boolean {
  return error instanceof LibvirtRefusal && error.number === NO_DOMAIN
}

/** The VM is off, where it had to run. */
export function isDomainOff(error: unknown): boolean {
  return (
    error instanceof LibvirtRefusal &&
    error.number === OPERATION_INVALID &&
    /not running/i.test(error.said)
  )
}
