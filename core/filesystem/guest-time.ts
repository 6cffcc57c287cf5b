const SECOND = 1_000_000_000n

/** A time in nanoseconds since 1970 as messages have it: nanoseconds count upwards also before 1970. */
export function inSeconds(time: bigint): { seconds: number; nanoseconds: number } {
  const nanoseconds = ((time % SECOND) + SECOND) % SECOND
  return { seconds: Number((time - nanoseconds) / SECOND), nanoseconds: Number(nanoseconds) }
}
