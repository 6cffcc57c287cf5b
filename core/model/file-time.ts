/** A file's time as the wire has it. */
export interface FileTime {
  readonly seconds: number
  readonly nanoseconds: number
}

/**
 * For `utimes`, which takes seconds as a binary fraction: a quarter of a microsecond is its step today.
 * Not below the time that is meant, so that what is whole in milliseconds or microseconds reads so.
 */
export function utimeOf(time: FileTime | null | undefined): number | undefined {
  if (!time) return undefined
  const { seconds, nanoseconds } = time
  const sum = seconds + nanoseconds / 1e9
  if ((sum - seconds) * 1e9 >= nanoseconds) return sum
  return sum + Number.EPSILON * 2 ** Math.floor(Math.log2(Math.abs(sum)))
}
