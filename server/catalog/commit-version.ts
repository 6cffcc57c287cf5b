import type { Consistency, TransferMode } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'

export interface CommittedFacts {
  readonly committedAt: Date
  readonly capturedAt: string
  readonly consistency: Consistency
  readonly powerState: string
  readonly configuration: string
  readonly paused: boolean
  readonly hasMemory: boolean
  readonly parentVersion: string | null
  readonly changedBytes: number
  readonly sentBytes: number
  readonly storedBytes: number
  readonly sizeBytes: number
  readonly manifest: string
  readonly manifestDigest: Buffer
  readonly previousManifest: Buffer | null
}

export async function markCommitted(
  q: Queryable,
  id: number,
  facts: CommittedFacts,
): Promise<void> {
  const rows = await q.query(
    `UPDATE version SET state = 'committed', committed_at = $14, captured_at = $2, consistency = $3,
            power_state = $4, configuration = $5, parent_version = $6, changed_bytes = $7,
            sent_bytes = $8, stored_bytes = $9, size_bytes = $10, manifest = $11,
            manifest_digest = $12, previous_manifest = $13, paused = $15, has_memory = $16
      WHERE id = $1 AND state = 'reserved' RETURNING id`,
    [
      id,
      facts.capturedAt === '' ? null : facts.capturedAt,
      facts.consistency,
      facts.powerState,
      facts.configuration === '' ? null : facts.configuration,
      facts.parentVersion,
      facts.changedBytes,
      facts.sentBytes,
      facts.storedBytes,
      facts.sizeBytes,
      facts.manifest,
      facts.manifestDigest,
      facts.previousManifest,
      facts.committedAt,
      facts.paused,
      facts.hasMemory,
    ],
  )
  if (rows.length !== 1) throw new Error(`version ${id} is not reserved any more`)
}

export interface CommittedDisk {
  readonly disk: number
  readonly ordinal: number
  readonly sizeBytes: number
  readonly format: string
  readonly transferMode: TransferMode
  readonly transferReason: string | null
  readonly digestRoot: Buffer
  readonly readChecksum: Buffer | null
  readonly storedChecksum: Buffer | null
  readonly unreadable: readonly number[]
  readonly readBytes: number
  readonly sentBytes: number
  readonly changedBytes: number
  readonly storedBytes: number
}

export async function insertVersionDisk(
  q: Queryable,
  version: number,
  d: CommittedDisk,
): Promise<void> {
  await q.query(
    `INSERT INTO version_disk (version, disk, ordinal, size_bytes, format, transfer_mode,
            transfer_reason, digest_root, read_checksum, stored_checksum, unreadable, read_bytes,
            sent_bytes, changed_bytes, stored_bytes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::int8[], $12, $13, $14, $15)`,
    [
      version,
      d.disk,
      d.ordinal,
      d.sizeBytes,
      d.format,
      d.transferMode,
      d.transferReason,
      d.digestRoot,
      d.readChecksum,
      d.storedChecksum,
      d.unreadable,
      d.readBytes,
      d.sentBytes,
      d.changedBytes,
      d.storedBytes,
    ],
  )
}

export interface NewPoint {
  readonly id: string
  readonly state: 'ready' | 'partial'
  readonly label: string | null
  readonly expiresAt: string | null
  readonly protect: boolean
  readonly createdAt: Date
}

export async function insertPoint(
  q: Queryable,
  dataSource: string,
  version: number,
  point: NewPoint,
): Promise<void> {
  await q.query(
    `INSERT INTO recovery_point (id, version, data_source, state, label, expires_at, protected, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      point.id,
      version,
      dataSource,
      point.state,
      point.label,
      point.expiresAt,
      point.protect,
      point.createdAt,
    ],
  )
}

/** Ends the transfer: pages cover from here on what its pins covered. */
export async function closeTransfer(q: Queryable, transfer: string): Promise<void> {
  await q.query(`UPDATE transfer SET state = 'committed', touched_at = now() WHERE id = $1`, [
    transfer,
  ])
  await q.query(
    `WITH dropped AS (DELETE FROM pin WHERE transfer = $1 RETURNING segment)
     INSERT INTO suspect (segment) SELECT DISTINCT segment FROM dropped`,
    [transfer],
  )
  await q.query(`DELETE FROM staged WHERE transfer = $1`, [transfer])
  await q.query(`DELETE FROM hold WHERE holder = $1`, [transfer])
}
