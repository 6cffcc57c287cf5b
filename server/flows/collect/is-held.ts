import { HoldfastError } from '../../../core/model/error.ts'

const REFUSALS = new Set(['point-held', 'point-protected', 'last-good-point', 'not-found'])

/** Removing a version was refused because something changed since it was found. */
export function isHeld(error: unknown): boolean {
  return error instanceof HoldfastError && REFUSALS.has(error.code)
}
