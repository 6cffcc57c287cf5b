import type { Queryable } from './database.ts'

/** What a manifest says, as rows. Times are ISO 8601. */
export interface RebuiltSource {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly uuid: string
  readonly tenant: string
  readonly owner: string
  readonly host: { readonly id: string; readonly name: string; readonly tenant: string }
}

/** Host and data source as the manifest knows them, unless the catalog has them. */
export async function insertSource(q: Queryable, source: RebuiltSource): Promise<void> {
  const { host } = source
  // A name that somebody else has by now gets the id behind it: the rows are needed, not the name.
  await q.query(
    `INSERT INTO host (id, name, tenant)
     SELECT $1, CASE WHEN EXISTS (SELECT FROM host WHERE name = $2) THEN $2 || '-' || $1 ELSE $2 END, $3
     ON CONFLICT (id) DO NOTHING`,
    [host.id, host.name, host.tenant],
  )
  await q.query(
    `INSERT INTO data_source (id, host, key, name, kind, uuid, tenant, owner, present)
     SELECT $1, $2, $3, CASE WHEN EXISTS (SELECT FROM data_source WHERE host = $2 AND name = $4)
                             THEN $4 || '-' || $1 ELSE $4 END, $5, $6, $7, $8, false
     ON CONFLICT (id) DO NOTHING`,
    [
      source.id,
      host.id,
      source.key,
      source.name,
      source.kind,
      source.uuid,
      source.tenant,
      source.owner,
    ],
  )
}

export interface RebuiltDisk {
  readonly id: number
  readonly name: string
  readonly chunkBytes: number
  readonly path: string
  readonly format: string
  readonly sizeBytes: number
}

/** Id of the disk's row: the one that is there, else with the remembered id where that is free. */
export async function insertDisk(
  q: Queryable,
  dataSource: string,
  disk: RebuiltDisk,
): Promise<number> {
  const values = [dataSource, disk.name, disk.chunkBytes, disk.path, disk.format, disk.sizeBytes]
  const columns = 'id, data_source, name, chunk_bytes, path, format, size_bytes'
  await q.query(
    `INSERT INTO disk (${columns}) OVERRIDING SYSTEM VALUE VALUES ($7, $1, $2, $3, $4, $5, $6)
     ON CONFLICT DO NOTHING`,
    [...values, disk.id],
  )
  // Still absent where another disk has that id: then it gets one that is free.
  await q.query(
    `INSERT INTO disk (${columns}) OVERRIDING SYSTEM VALUE
     SELECT (SELECT max(id) + 1 FROM disk), $1, $2, $3::int, $4, $5, $6::int8
      WHERE NOT EXISTS (SELECT FROM disk WHERE data_source = $1 AND name = $2)`,
    values,
  )
  const [row] = await q.query<{ id: number }>(
    `SELECT id FROM disk WHERE data_source = $1 AND name = $2`,
    [dataSource, disk.name],
  )
  if (!row) throw new Error('no row came of an insert')
  return row.id
}

/** The disk as the newest version has it, until its agent tells. */
export async function updateDisk(q: Queryable, id: number, disk: RebuiltDisk): Promise<void> {
  await q.query(`UPDATE disk SET path = $2, format = $3, size_bytes = $4 WHERE id = $1`, [
    ...[id, disk.path, disk.format, disk.sizeBytes],
  ])
}

/** Ids of the committed versions of a data source, rising, by uid. */
export async function listVersions(
  q: Queryable,
  dataSource: string,
): Promise<{ id: number; uid: string }[]> {
  return q.query(
    `SELECT id, uid FROM version WHERE data_source = $1 AND state = 'committed' ORDER BY id`,
    [dataSource],
  )
}

export interface RebuiltVersion {
  readonly id: number
  readonly uid: string
  readonly dataSource: string
  readonly sequence: number
  readonly generation: number
  readonly parentVersion: string | null
  readonly capturedAt: string | null
  readonly committedAt: string
  readonly consistency: string
  readonly hasMemory: boolean
  readonly paused?: boolean | undefined
  readonly powerState: string
  /** JSON. */
  readonly configuration: string | null
  readonly sizeBytes: number
  readonly changedBytes: number
  readonly sentBytes: number
  readonly storedBytes: number
  readonly manifest: string
  readonly manifestDigest: Buffer
  readonly previousManifest: Buffer | null
}

export async function insertVersion(q: Queryable, v: RebuiltVersion): Promise<void> {
  await q.query(
    `INSERT INTO version (id, uid, data_source, sequence, generation, state, parent_version,
            captured_at, committed_at, consistency, has_memory, power_state, configuration,
            size_bytes, changed_bytes, sent_bytes, stored_bytes, manifest, manifest_digest,
            previous_manifest, paused)
     OVERRIDING SYSTEM VALUE
     VALUES ($1, $2, $3, $4, $5, 'committed', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
             $17, $18, $19, $20)`,
    [
      ...[v.id, v.uid, v.dataSource, v.sequence, v.generation, v.parentVersion, v.capturedAt],
      ...[v.committedAt, v.consistency, v.hasMemory, v.powerState, v.configuration, v.sizeBytes],
      ...[v.changedBytes, v.sentBytes, v.storedBytes, v.manifest, v.manifestDigest],
      ...[v.previousManifest, v.paused ?? false],
    ],
  )
  await q.query(
    `UPDATE data_source SET last_sequence = greatest(last_sequence, $2) WHERE id = $1`,
    [v.dataSource, v.sequence],
  )
}

export interface RebuiltPoint {
  readonly id: string
  /** Null: deleted, and its version is gone. */
  readonly version: number | null
  readonly dataSource: string
  readonly state: string
  readonly stateBefore: string | null
  readonly label: string | null
  readonly comment: string | null
  readonly protected: boolean
  readonly expiresAt: string | null
  readonly lockedUntil: string | null
  readonly verifiedAt: string | null
  readonly provenAt: string | null
  readonly createdAt: string
  readonly deletedAt: string | null
  readonly deletedBy: string | null
  readonly deletionReason: string | null
  /** JSON. */
  readonly summary: string | null
}

/** The store's word counts: it was written before the catalog's. */
export async function upsertPoint(q: Queryable, p: RebuiltPoint): Promise<void> {
  await q.query(
    `INSERT INTO recovery_point (id, version, data_source, state, state_before, label, comment,
            protected, expires_at, locked_until, verified_at, proven_at, created_at, deleted_at,
            deleted_by, deletion_reason, summary)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     ON CONFLICT (id) DO UPDATE
       SET state = excluded.state, state_before = excluded.state_before, label = excluded.label,
           comment = excluded.comment, protected = excluded.protected,
           expires_at = excluded.expires_at, locked_until = excluded.locked_until,
           verified_at = coalesce(excluded.verified_at, recovery_point.verified_at),
           proven_at = coalesce(excluded.proven_at, recovery_point.proven_at),
           deleted_at = excluded.deleted_at, deleted_by = excluded.deleted_by,
           deletion_reason = excluded.deletion_reason,
           summary = coalesce(excluded.summary, recovery_point.summary)`,
    [
      ...[p.id, p.version, p.dataSource, p.state, p.stateBefore, p.label, p.comment, p.protected],
      ...[p.expiresAt, p.lockedUntil, p.verifiedAt, p.provenAt, p.createdAt, p.deletedAt],
      ...[p.deletedBy, p.deletionReason, p.summary],
    ],
  )
}

/** Replicas whose newest version is whole are ok again; the rest wait for a check. */
export async function settleReplicas(q: Queryable, damaged: readonly number[]): Promise<void> {
  await q.query(
    `UPDATE data_source source
        SET replica_state = CASE WHEN newest.id = ANY($1::int8[]) THEN 'inconsistent'
                                 WHEN EXISTS (SELECT FROM stopped_protection stopped
                                               WHERE stopped.data_source = source.id)
                                 THEN 'inactive' ELSE 'ok' END,
            replica_reason = CASE WHEN newest.id = ANY($1::int8[])
                                  THEN 'stored bytes of its newest version are damaged' END
       FROM (SELECT data_source, max(id) AS id FROM version WHERE state = 'committed'
              GROUP BY data_source) newest
      WHERE newest.data_source = source.id`,
    [damaged],
  )
}
