import type { TransferMode } from '../../core/model/state.ts'
import { dropPins } from './pins.ts'
import type { Queryable } from './database.ts'

export interface TransferRow {
  readonly id: string
  readonly dataSource: string
  readonly state: 'open' | 'committed' | 'abandoned'
  readonly versionUid: string
  /** Id of the version it builds on; null at the initial replication. */
  readonly base: number | null
  readonly job: string
}

export interface TransferDisk {
  readonly ordinal: number
  readonly disk: number
  readonly name: string
  readonly chunkBytes: number
  readonly sizeBytes: number
  readonly format: string
  readonly transferMode: TransferMode
  readonly transferReason: string | null
  /** Of the base version; null where the base lacks the disk. */
  readonly baseSizeBytes: number | null
  /** Why the base's disk was read as it was. */
  readonly baseReason: string | null
}

const COLUMNS = `id, data_source AS "dataSource", state, version_uid AS "versionUid", base, job`

export async function findOpenTransfer(
  q: Queryable,
  dataSource: string,
): Promise<TransferRow | undefined> {
  const [row] = await q.query<TransferRow>(
    `SELECT ${COLUMNS} FROM transfer WHERE data_source = $1 AND state = 'open' FOR UPDATE`,
    [dataSource],
  )
  return row
}

/** Only with the job whose it is: no run sees another's transfer. */
export async function readTransfer(
  q: Queryable,
  id: string,
  job: string,
): Promise<TransferRow | undefined> {
  const [row] = await q.query<TransferRow>(
    `SELECT ${COLUMNS} FROM transfer WHERE id = $1 AND job = $2`,
    [id, job],
  )
  return row
}

/** The transfer that this job committed: its receipt was lost. */
export async function findCommittedTransfer(
  q: Queryable,
  job: string,
): Promise<TransferRow | undefined> {
  const [row] = await q.query<TransferRow>(
    `SELECT ${COLUMNS} FROM transfer WHERE job = $1 AND state = 'committed'`,
    [job],
  )
  return row
}

export async function insertTransfer(
  q: Queryable,
  transfer: Omit<TransferRow, 'state'>,
): Promise<void> {
  await q.query(
    `INSERT INTO transfer (id, data_source, version_uid, base, job) VALUES ($1, $2, $3, $4, $5)`,
    [transfer.id, transfer.dataSource, transfer.versionUid, transfer.base, transfer.job],
  )
  if (transfer.base !== null)
    await q.query(`INSERT INTO hold (version, holder) VALUES ($1, $2)`, [
      transfer.base,
      transfer.id,
    ])
}

/** What is staged stays staged; only the job that may name it changes. */
export async function handTransferTo(q: Queryable, id: string, job: string): Promise<void> {
  await q.query(`UPDATE transfer SET job = $2, touched_at = now() WHERE id = $1`, [id, job])
}

/** Its stored chunks become suspect; nothing of it is visible, before or after. */
export async function abandonTransfer(q: Queryable, id: string): Promise<void> {
  await q.query(`UPDATE transfer SET state = 'abandoned' WHERE id = $1 AND state = 'open'`, [id])
  await dropPins(q, id)
  await q.query(`DELETE FROM staged WHERE transfer = $1`, [id])
  await q.query(`DELETE FROM hold WHERE holder = $1`, [id])
}

export interface NewTransferDisk {
  readonly ordinal: number
  readonly disk: number
  readonly sizeBytes: number
  readonly format: string
  readonly transferMode: TransferMode
  readonly transferReason: string | null
}

export async function replaceTransferDisks(
  q: Queryable,
  transfer: string,
  disks: readonly NewTransferDisk[],
): Promise<void> {
  await q.query(`DELETE FROM transfer_disk WHERE transfer = $1`, [transfer])
  for (const d of disks)
    await q.query(
      `INSERT INTO transfer_disk
         (transfer, ordinal, disk, size_bytes, format, transfer_mode, transfer_reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [transfer, d.ordinal, d.disk, d.sizeBytes, d.format, d.transferMode, d.transferReason],
    )
}

export async function readTransferDisks(q: Queryable, transfer: string): Promise<TransferDisk[]> {
  return q.query(
    `SELECT td.ordinal, td.disk, disk.name, disk.chunk_bytes AS "chunkBytes",
            td.size_bytes AS "sizeBytes", td.format, td.transfer_mode AS "transferMode",
            td.transfer_reason AS "transferReason", base.size_bytes AS "baseSizeBytes",
            base.transfer_reason AS "baseReason"
       FROM transfer_disk td
       JOIN transfer ON transfer.id = td.transfer
       JOIN disk ON disk.id = td.disk
       LEFT JOIN version_disk base ON base.version = transfer.base AND base.disk = td.disk
      WHERE td.transfer = $1 ORDER BY td.ordinal`,
    [transfer],
  )
}
