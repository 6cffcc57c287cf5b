/** How much a version changed, and how its changed bytes took compression. */
export interface ChangeFigures {
  readonly sizeBytes: number
  readonly changedBytes: number
  /** Of those, compressed. */
  readonly sentBytes: number
}

/** Fewer versions before say nothing about what is usual. */
const KNOWN_VERSIONS = 4
/** A share of the disk that one run changes is strange from here on ... */
const MUCH = 0.2
/** ... where it is so many times what is usual. */
const TIMES = 5
/** What is encrypted does not compress: what is sent is at least so much of what changed ... */
const INCOMPRESSIBLE = 0.95
/** ... where usually it is at most this. */
const COMPRESSIBLE = 0.75
/** Too little to judge its entropy by: a log that was rotated, a film that was copied. */
const JUDGED_SHARE = 0.01

export type Suspicion = { readonly changedShare: number; readonly usualShare: number } & (
  | { readonly kind: 'share' }
  | { readonly kind: 'entropy'; readonly ratio: number; readonly usualRatio: number }
)

/**
 * Whether a version changed unlike those before it, as when something encrypts the disk: much more of
 * it, or bytes that no longer compress. `before` in any order, first replicas not among them.
 */
export function suspicionOf(
  version: ChangeFigures,
  before: readonly ChangeFigures[],
): Suspicion | undefined {
  if (before.length < KNOWN_VERSIONS) return undefined
  const changedShare = shareOf(version)
  const usualShare = median(before.map(shareOf))
  const shares = { changedShare, usualShare }
  const changed = before.filter(({ changedBytes }) => changedBytes > 0)
  const ratio = ratioOf(version)
  const usualRatio = median(changed.map(ratioOf))
  const isOdd =
    ratio >= INCOMPRESSIBLE && changed.length >= KNOWN_VERSIONS && usualRatio <= COMPRESSIBLE
  if (isOdd && changedShare >= JUDGED_SHARE)
    return { kind: 'entropy', ratio, usualRatio, ...shares }
  if (changedShare >= MUCH && changedShare >= TIMES * usualShare)
    return { kind: 'share', ...shares }
  return undefined
}

function shareOf({ changedBytes, sizeBytes }: ChangeFigures): number {
  return sizeBytes === 0 ? 0 : changedBytes / sizeBytes
}

function ratioOf({ sentBytes, changedBytes }: ChangeFigures): number {
  return changedBytes === 0 ? 0 : sentBytes / changedBytes
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
