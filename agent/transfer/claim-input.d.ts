import type { SourceDisk } from '../source/source.ts'
import { type Claim } from './claims.ts'
import type { ReadTask } from './read-task.ts'
/** Where the workers get a disk's bytes from. */
export interface ClaimInput {
  /** What the worker is to read from; may set chunks to UNREADABLE. */
  prepare(claim: Claim, signal: AbortSignal): Promise<ReadTask['from']>
  /** Memory that comes back with a reply. */
  giveBack(plain: ArrayBuffer | undefined): void
  close(): Promise<void>
}
export declare function openClaimInput(
  disk: SourceDisk,
  chunkBytes: number,
  chunksOfClaim: number,
): Promise<ClaimInput>
