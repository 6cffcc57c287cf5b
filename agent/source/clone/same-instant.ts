import { differing } from './compare-extents.ts'
import { fileExtents } from './file-extents.ts'
import type { ImageClone } from './image-clone.ts'

/** Rounds of clones, before images count as never at rest. */
const ROUNDS = 4

/**
 * Clones of several images that are of one instant, although they were made one after the other. A
 * second clone of each is made after the last one of the first round. Where both rounds lie at the
 * same places nothing was written to any image from its first clone to its second, and between the
 * rounds all of them were as the first round shows: what is written beside a clone never goes to a
 * place that the clone holds. `clones` or a later round; `isOne`: whether it was proved.
 */
export async function ofOneInstant(
  clones: readonly ImageClone[],
  takeAgain: () => Promise<readonly ImageClone[] | undefined>,
  release: (clones: readonly ImageClone[]) => Promise<void>,
  signal: AbortSignal,
): Promise<{ clones: readonly ImageClone[]; isOne: boolean }> {
  let current = clones
  for (let round = 1; round < ROUNDS; round++) {
    const next = await takeAgain()
    if (!next) break
    const isOne = await allSame(current, next, signal).catch(() => false)
    await release(isOne ? next : current)
    if (isOne) return { clones: current, isOne }
    current = next
  }
  return { clones: current, isOne: false }
}

async function allSame(
  before: readonly ImageClone[],
  now: readonly ImageClone[],
  signal: AbortSignal,
): Promise<boolean> {
  for (const [at, clone] of before.entries()) {
    const other = now[at]
    if (!other || !(await isSame(clone, other, signal))) return false
  }
  return true
}

async function isSame(a: ImageClone, b: ImageClone, signal: AbortSignal): Promise<boolean> {
  if (a.sizeBytes !== b.sizeBytes) return false
  const extents = ({ handle, sizeBytes }: ImageClone) => fileExtents(handle.fd, sizeBytes, signal)
  for await (const _ of differing(extents(a), extents(b))) return false
  return true
}
