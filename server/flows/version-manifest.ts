import { pageCount } from '../../core/model/geometry.ts'
import { decodeRun } from '../../core/model/map-page.ts'
import { readPages } from '../catalog/pages.ts'
import { lockNewestVersion, type ReservedVersion } from '../catalog/versions.ts'
import type { Queryable } from '../catalog/database.ts'
import { ManifestBuilder, manifestDigest, manifestName } from '../store/manifest.ts'
import type { ManifestHeader } from '../store/manifest-header.ts'
import { nextWindow } from './base-pages.ts'
import type { CommitDeps, CommitRequest, RootedDisk } from './commit.ts'

export interface ManifestFacts {
  readonly request: CommitRequest
  readonly reserved: ReservedVersion
  readonly disks: readonly RootedDisk[]
  readonly point: string | null
  readonly committedAt: Date
}

export interface WrittenManifest {
  readonly name: string
  readonly digest: Buffer
  readonly previous: Buffer | null
}

/** Everything that the version is, durable in the store before the catalog shows it. */
export async function writeVersionManifest(
  { database, store }: CommitDeps,
  facts: ManifestFacts,
): Promise<WrittenManifest> {
  const { request, reserved, disks } = facts
  const builder = new ManifestBuilder()
  for (const disk of disks) {
    await addMap(database, builder, request.base, disk)
    builder.endDisk()
  }
  const newest = await lockNewestVersion(database, request.dataSource)
  const previous = newest?.manifestDigest ?? null
  const name = manifestName(request.dataSource, reserved.sequence, request.versionUid)
  const header = {
    storeId: store.storeId,
    ...(await describeSource(database, request.dataSource)),
    version: describeVersion(facts),
    point: describePoint(facts),
    disks: await describeDisks(database, disks),
    previousManifest: previous?.toString('hex') ?? null,
    keyId: 0,
  }
  const content = builder.encode(header)
  await store.writeManifest(name, content)
  return { name, digest: manifestDigest(content), previous }
}

const FIRST_WINDOW = 64 // pages read at once

/** The complete map: the base's pages under the new ones. */
async function addMap(
  q: Queryable,
  builder: ManifestBuilder,
  base: number | null,
  disk: RootedDisk,
): Promise<void> {
  const fresh = new Map(disk.newPages.map((page) => [page.page, page.runs]))
  const count = pageCount(disk.sizeBytes, disk.chunkBytes)
  let window = FIRST_WINDOW
  for (let from = 0, to = 0; from < count; from = to + 1) {
    to = Math.min(from + window, count) - 1
    const old = base === null ? [] : await readPages(q, disk.disk, base, from, to)
    window = nextWindow(window, old)
    const runs = new Map(old.map((page) => [page.page, page.runs]))
    for (let page = from; page <= to; page++) {
      const codes = fresh.get(page) ?? runs.get(page)
      if (!codes) throw new Error(`disk ${disk.name} lacks page ${page} of its map`)
      builder.addRuns(codes.map(decodeRun))
    }
  }
}

function describeVersion({ request, reserved, disks, committedAt }: ManifestFacts) {
  const sum = (of: (disk: RootedDisk) => number) =>
    disks.reduce((total, disk) => total + of(disk), 0)
  return {
    id: reserved.id,
    uid: request.versionUid,
    sequence: reserved.sequence,
    generation: reserved.generation,
    parentVersion: request.parentVersion,
    capturedAt: request.capturedAt === '' ? null : request.capturedAt,
    committedAt: committedAt.toISOString(),
    consistency: request.consistency,
    hasMemory: request.hasMemory,
    paused: request.paused,
    powerState: request.powerState,
    configuration:
      request.configuration === '' ? null : (JSON.parse(request.configuration) as unknown),
    sizeBytes: sum((d) => d.sizeBytes),
    changedBytes: sum((d) => d.changedBytes),
    sentBytes: sum((d) => d.sentBytes),
    storedBytes: request.storedBytes,
  }
}

function describePoint({
  request,
  disks,
  point,
  committedAt,
}: ManifestFacts): ManifestHeader['point'] {
  if (point === null) return null
  return {
    id: point,
    state: disks.some((disk) => disk.unreadable.length > 0) ? 'partial' : 'ready',
    label: request.label,
    protected: request.protect,
    expiresAt: request.expiresAt,
    createdAt: committedAt.toISOString(),
  }
}

async function describeDisks(
  q: Queryable,
  disks: readonly RootedDisk[],
): Promise<ManifestHeader['disks']> {
  const paths = await q.query<{ id: number; path: string }>(
    `SELECT id, path FROM disk WHERE id = ANY($1)`,
    [disks.map((d) => d.disk)],
  )
  const hex = (digest: Buffer | null) => digest?.toString('hex') ?? null
  return disks.map(({ disk, newPages: _pages, ...rest }) => ({
    ...rest,
    id: disk,
    path: paths.find((row) => row.id === disk)?.path ?? '',
    digestRoot: rest.digestRoot.toString('hex'),
    readChecksum: hex(rest.readChecksum),
    storedChecksum: hex(rest.storedChecksum),
    unreadable: [...rest.unreadable],
  }))
}

async function describeSource(
  q: Queryable,
  id: string,
): Promise<Pick<ManifestHeader, 'dataSource' | 'host'>> {
  const [row] = await q.query<
    ManifestHeader['dataSource'] & { hostId: string; hostName: string; hostTenant: string }
  >(
    `SELECT s.id, s.key, s.name, s.kind, s.uuid, s.tenant, s.owner, h.id AS "hostId",
            h.name AS "hostName", h.tenant AS "hostTenant"
       FROM data_source s JOIN host h ON h.id = s.host WHERE s.id = $1`,
    [id],
  )
  if (!row) throw new Error(`data source ${id} is not in the catalog`)
  const { hostId, hostName, hostTenant, ...dataSource } = row
  return { dataSource, host: { id: hostId, name: hostName, tenant: hostTenant } }
}
