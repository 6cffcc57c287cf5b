import { BLOCK_BYTES } from '../data/allocated-blocks.ts'
import { numberOf } from '../data/data-set.ts'

const SHARE = 0.01
/** Blocks that lie beside each other when whole chunks are written: more than any chunk has. */
const RUN_BLOCKS = 16

/** 64 KiB here and there, or the same amount in runs of 1 MiB. */
export type Writes = 'scattered' | 'whole'

/** 1 % of all blocks of a disk, other ones in each round. */
export function blocksOfRound(
  imageBytes: number,
  { writes, round }: { readonly writes: Writes; readonly round: number },
): number[] {
  const all = Math.floor(imageBytes / BLOCK_BYTES)
  const length = writes === 'whole' ? RUN_BLOCKS : 1
  const found: number[] = []
  for (let run = 0; run < Math.floor(all / length); run++)
    if (numberOf(`${writes} ${round} ${run}`) < SHARE * 2 ** 32)
      for (let i = 0; i < length; i++) found.push(run * length + i)
  return found
}
