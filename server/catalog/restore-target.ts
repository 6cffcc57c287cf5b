import type { HostState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'
import { HOST_STATE } from './hosts-view.ts'

/** What is known of the host that a restore would go to. */
export interface RestoreHost {
  readonly id: string
  readonly name: string
  readonly state: HostState
  readonly restoreRoots: readonly string[]
  /** What its agent greeted with: core/machine/host-features.ts. */
  readonly features: readonly string[]
}

export async function readRestoreHost(q: Queryable, id: string): Promise<RestoreHost | undefined> {
  const [row] = await q.query<RestoreHost>(
    `SELECT h.id, h.name, ${HOST_STATE} AS state, h.restore_roots AS "restoreRoots", h.features
       FROM host h WHERE h.id = $1`,
    [id],
  )
  return row
}

/** The data source that a point is of, as its host offers it now. */
export interface RestoreOrigin {
  readonly hostId: string
  readonly name: string
  readonly kind: string
  readonly present: boolean
}

export async function readRestoreOrigin(
  q: Queryable,
  dataSource: string,
): Promise<RestoreOrigin | undefined> {
  const [row] = await q.query<RestoreOrigin>(
    `SELECT host AS "hostId", name, kind, present FROM data_source WHERE id = $1`,
    [dataSource],
  )
  return row
}

/** Which of these paths of a host are disks of its data sources. */
export async function offeredPaths(
  q: Queryable,
  host: string,
  paths: readonly string[],
): Promise<string[]> {
  const rows = await q.query<{ path: string }>(
    `SELECT DISTINCT d.path FROM disk d JOIN data_source s ON s.id = d.data_source
      WHERE s.host = $1 AND s.present AND d.present AND d.path = ANY ($2::text[]) ORDER BY 1`,
    [host, paths],
  )
  return rows.map((row) => row.path)
}

/** Path and present size of disks by id. */
export async function readDiskPlaces(
  q: Queryable,
  disks: readonly number[],
): Promise<{ id: number; path: string; sizeBytes: number; format: string }[]> {
  return q.query(
    `SELECT id, path, size_bytes AS "sizeBytes", format FROM disk
      WHERE id = ANY ($1::int[]) AND present`,
    [disks],
  )
}
