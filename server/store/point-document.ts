import { z } from 'zod'
import { decodeSealed, encodeSealed } from './sealed-document.ts'

/**
 * What of a point changes after its manifest is written. Written whenever one of these changes,
 * before the catalog's transaction; a rebuild takes it over the manifest's own attributes.
 */
const pointDocument = z.object({
  id: z.string(),
  dataSource: z.string(),
  sequence: z.number().int().nonnegative(),
  versionUid: z.string(),
  state: z.enum(['ready', 'partial', 'suspect', 'damaged', 'deleted']),
  stateBefore: z.string().nullable(),
  label: z.string().nullable(),
  comment: z.string().nullable(),
  protected: z.boolean(),
  expiresAt: z.string().nullable(),
  lockedUntil: z.string().nullable(),
  verifiedAt: z.string().nullable(),
  provenAt: z.string().nullable(),
  createdAt: z.string(),
})

/**
 * Says for ever that a point was deleted; written before its manifest is removed. Times ISO 8601.
 * An undelete removes it.
 */
const tombstone = z.object({
  id: z.string(),
  dataSource: z.string(),
  sequence: z.number().int().nonnegative(),
  versionUid: z.string(),
  createdAt: z.string(),
  deletedAt: z.string(),
  deletedBy: z.string().nullable(),
  deletionReason: z.string().nullable(),
  stateBefore: z.string().nullable(),
  /** The point's last shape, as in `recovery_point.summary`. */
  summary: z.unknown(),
})

export type PointDocument = z.infer<typeof pointDocument>
export type Tombstone = z.infer<typeof tombstone>

export const POINTS_PREFIX = 'points/'
export const TOMBSTONES_PREFIX = 'tombstones/'

export function pointDocumentName(
  point: Pick<PointDocument, 'dataSource' | 'sequence' | 'versionUid'>,
): string {
  return `${POINTS_PREFIX}${point.dataSource}/${point.sequence}-${point.versionUid}.json`
}

export function tombstoneName(pointId: string): string {
  return `${TOMBSTONES_PREFIX}${pointId}.json`
}

export function encodePointDocument(document: PointDocument): Buffer {
  return encodeSealed('point', pointDocument.parse(document))
}

export function decodePointDocument(name: string, bytes: Buffer): PointDocument {
  return decodeSealed(name, 'point', pointDocument, bytes)
}

export function encodeTombstone(document: Tombstone): Buffer {
  return encodeSealed('tombstone', tombstone.parse(document))
}

export function decodeTombstone(name: string, bytes: Buffer): Tombstone {
  return decodeSealed(name, 'tombstone', tombstone, bytes)
}
