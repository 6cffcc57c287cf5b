/**
 * Why a guest could not be asked to hold still. `not-installed`: there is no channel, or nobody in the
 * guest has it open. `not-responding`: no answer in time, as while it boots. `disabled`: its owner
 * allows it less. `refused`: it was asked, and said no.
 */
export type GuestFailureReason = 'not-installed' | 'not-responding' | 'disabled' | 'refused'

export class GuestFailure extends Error {
  readonly reason: GuestFailureReason

  constructor(reason: GuestFailureReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'GuestFailure'
    this.reason = reason
  }
}

export function toGuestFailure(error: unknown): GuestFailure {
  if (error instanceof GuestFailure) return error
  const message = error instanceof Error ? error.message : String(error)
  return new GuestFailure('not-responding', message, error)
}
