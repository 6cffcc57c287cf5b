import { z } from 'zod'

/**
 * What a manifest says of a version beside its maps: enough to make the catalog's rows anew. Times
 * are ISO 8601, digests and checksums hexadecimal. Keys may be added; none may change its meaning.
 */
const hex = z.string().regex(/^([0-9a-f]{2})*$/)
const count = z.number().int().nonnegative()
const time = z.string()

const disk = z.object({
  ordinal: count,
  /** Id of the disk's row. */
  id: count,
  name: z.string(),
  path: z.string(),
  format: z.string(),
  chunkBytes: z.number().int().positive(),
  sizeBytes: count,
  transferMode: z.enum(['initial', 'tracked', 'compared', 'derived']),
  transferReason: z.string().nullable(),
  /** Over the digests of its pages: proves which bytes the chunk ids meant. */
  digestRoot: hex,
  readChecksum: hex.nullable(),
  storedChecksum: hex.nullable(),
  /** offset, length, offset, length, … */
  unreadable: z.array(count),
  readBytes: count,
  sentBytes: count,
  changedBytes: count,
  storedBytes: count,
})

const version = z.object({
  id: count,
  uid: z.string(),
  sequence: count,
  generation: count,
  parentVersion: z.string().nullable(),
  capturedAt: time.nullable(),
  committedAt: time,
  consistency: z.enum(['application', 'filesystem', 'crash', 'cold', 'unsettled']),
  hasMemory: z.boolean(),
  /** The VM was stopped for the instant. Absent from manifests before there were VMs. */
  paused: z.boolean().optional(),
  powerState: z.string(),
  /** The VM's configuration, as the agent gave it. */
  configuration: z.unknown(),
  sizeBytes: count,
  changedBytes: count,
  sentBytes: count,
  storedBytes: count,
})

/** The point's attributes when it was made; its document has the present ones. */
const point = z.object({
  id: z.string(),
  state: z.enum(['ready', 'partial', 'suspect', 'damaged', 'deleted']),
  label: z.string().nullable(),
  protected: z.boolean(),
  expiresAt: time.nullable(),
  createdAt: time,
})

const dataSource = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  kind: z.string(),
  uuid: z.string(),
  tenant: z.string(),
  owner: z.string(),
})

const host = z.object({ id: z.string(), name: z.string(), tenant: z.string() })

export const manifestHeader = z.object({
  storeId: z.string(),
  version,
  /** Null: a version that was only synchronized, not kept. */
  point: point.nullable(),
  dataSource,
  host,
  disks: z.array(disk),
  /** Digest of the manifest before it, of the same data source. */
  previousManifest: hex.nullable(),
  /** Key of the signature; 0: none. */
  keyId: count,
})

export type ManifestHeader = z.infer<typeof manifestHeader>
export type ManifestDisk = ManifestHeader['disks'][number]
