/** A file's time as the wire has it. */
export interface FileTime {
  readonly seconds: number
  readonly nanoseconds: number
}

/**
 * For `utimes`, which cuts what it is given to microseconds: half of one more, so that the binary
 * fraction is not below the microsecond that is meant.
 */
export function utimeOf(time: FileTime | null | undefined): number | undefined {
  if (!time) return undefined
  return time.seconds + (Math.floor(time.nanoseconds / 1000) + 0.5) / 1e6
}
