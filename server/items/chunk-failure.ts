import { HoldfastError } from '../../core/model/error.ts'
import type { Database } from '../catalog/database.ts'
import { recordDamage } from '../flows/record-damage.ts'

export interface BadChunk {
  readonly chunk: number
  readonly disk: string
  readonly offset: number
  readonly version: number
  readonly reason: string
}

/** Wrong bytes are never handed out: the damage is recorded, and named by the error returned. */
export async function refuseDamaged(database: Database, bad: BadChunk): Promise<HoldfastError> {
  const { chunk, disk, offset, version, reason } = bad
  const { points } = await recordDamage(database, {
    chunks: [chunk],
    foundBy: 'reading',
    cause: reason,
  })
  return new HoldfastError(
    'chunk-damaged',
    `disk ${disk}: the stored bytes at offset ${offset} are damaged (${reason})`,
    {
      hint: 'Run `holdfast check` on the source: what it still has is sent anew. `holdfast verify` lists all damage.',
      details: { disk, offset, version, points },
    },
  )
}

/** The point is `partial`: these bytes were never had. */
export function unreadable(disk: string, offset: number): HoldfastError {
  return new HoldfastError(
    'source-unreadable',
    `disk ${disk}: what lies at offset ${offset} could not be read when the point was made`,
    { hint: 'Choose another point; `holdfast point show` says which are partial.' },
  )
}
