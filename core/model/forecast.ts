const DAY_MS = 86_400_000
/** From fewer days nothing can be told. */
const SAMPLES = 3
/** Further away it is no forecast. */
const HORIZON_DAYS = 3650

export interface UsedBytes {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly usedBytes: number
}

/**
 * When `freeBytes` more will be used up, by the straight line through what was used before (least
 * squares). Undefined: it shrinks or stays, or too little is known.
 */
export function usedUpAt(
  samples: readonly UsedBytes[],
  freeBytes: number,
  now: number,
): number | undefined {
  if (samples.length < SAMPLES) return undefined
  const perDay = slopeOf(samples) * DAY_MS
  if (!(perDay > 0)) return undefined
  const days = freeBytes / perDay
  return days > HORIZON_DAYS ? undefined : now + days * DAY_MS
}

/** Bytes a millisecond. */
function slopeOf(samples: readonly UsedBytes[]): number {
  const mean = (of: (sample: UsedBytes) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [at, used] = [mean((s) => s.at), mean((s) => s.usedBytes)]
  const spread = mean((s) => (s.at - at) ** 2)
  return mean((s) => (s.at - at) * (s.usedBytes - used)) / spread
}
