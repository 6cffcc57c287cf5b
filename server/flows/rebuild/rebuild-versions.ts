import { digestRoot } from '../../../core/model/page-digest.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import { insertVersionDisk } from '../../catalog/commit-version.ts'
import {
  readHealed,
  renamePages,
  setHealedAside,
  type HealedChunks,
} from '../../catalog/healed-chunks.ts'
import { insertPages } from '../../catalog/pages.ts'
import {
  insertDisk,
  insertSource,
  insertVersion,
  listVersions,
  updateDisk,
} from '../../catalog/rebuild-versions.ts'
import type { Database, Queryable } from '../../catalog/database.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'
import { decodeManifest, manifestDigest, type Manifest } from '../../store/manifest.ts'
import type { ManifestDisk, ManifestHeader } from '../../store/manifest-header.ts'
import { SegmentCache } from '../segment-cache.ts'
import { PageHistory, type DiskPages } from './page-history.ts'
import { renameRuns } from './rename-runs.ts'

export interface RebuiltVersions {
  versions: number
  generation: number
  /** Points that the manifests made, to be settled with their documents. */
  readonly points: FoundPoint[]
  /** Ids of versions that name chunks which are not there. */
  readonly damaged: number[]
  readonly warnings: string[]
}

export interface FoundPoint {
  readonly version: number
  readonly versionUid: string
  readonly sequence: number
  readonly dataSource: string
  readonly point: NonNullable<ManifestHeader['point']>
  readonly whole: boolean
}

/**
 * Versions and pages from the manifests, in the order of each data source's history. Names sort by
 * data source and sequence. Versions that the catalog has are read but not written.
 */
export async function rebuildVersions(deps: {
  database: Database
  store: ChunkStore
}): Promise<RebuiltVersions> {
  const { database, store } = deps
  const rebuilt: RebuiltVersions = {
    ...{ versions: 0, generation: 0 },
    ...{ points: [], damaged: [], warnings: [] },
  }
  await setHealedAside(database)
  const healed = await readHealed(database)
  let history: SourceHistory | undefined
  for await (const name of store.listManifests()) {
    const content = await store.readManifest(name)
    const manifest = tryDecode(name, content, rebuilt.warnings)
    if (!manifest) continue
    const { id } = manifest.header.dataSource
    if (history?.dataSource !== id)
      history = await SourceHistory.open(database, id, healed, rebuilt)
    await history.add(name, content, manifest)
  }
  // What an older catalog had of them is not written anew.
  if (healed.size > 0) await database.tx((q) => renamePages(q, healed), { timeoutMs: 0 })
  return rebuilt
}

function tryDecode(name: string, content: Buffer, warnings: string[]): Manifest | undefined {
  try {
    return decodeManifest(name, content)
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== 'manifest-damaged') throw error
    warnings.push(`${error.message}: its version is not brought back`)
    return undefined
  }
}

interface MeasuredDisk {
  readonly disk: ManifestDisk
  readonly id: number
  readonly pages: DiskPages
}

class SourceHistory {
  readonly dataSource: string
  readonly #database: Database
  readonly #rebuilt: RebuiltVersions
  /** What the catalog had, rising. */
  readonly #known: readonly { id: number; uid: string }[]
  readonly #disks = new Map<string, PageHistory>()
  readonly #segments: SegmentCache
  readonly #healed: HealedChunks
  #lastId = 0

  constructor(
    database: Database,
    dataSource: string,
    known: readonly { id: number; uid: string }[],
    healed: HealedChunks,
    rebuilt: RebuiltVersions,
  ) {
    this.#database = database
    this.dataSource = dataSource
    this.#known = known
    this.#healed = healed
    this.#rebuilt = rebuilt
    this.#segments = new SegmentCache(database)
  }

  static async open(
    database: Database,
    dataSource: string,
    healed: HealedChunks,
    rebuilt: RebuiltVersions,
  ): Promise<SourceHistory> {
    const known = await listVersions(database, dataSource)
    return new SourceHistory(database, dataSource, known, healed, rebuilt)
  }

  async add(name: string, content: Buffer, manifest: Manifest): Promise<void> {
    const { header } = manifest
    const { id, uid, generation } = header.version
    const known = this.#known.some((version) => version.uid === uid)
    if (!known && id <= (this.#known.at(-1)?.id ?? 0)) {
      // Inserted between others it would change what the later ones read.
      this.#rebuilt.warnings.push(`${name}: the catalog has later versions and not this one`)
      return
    }
    if (this.#known.some((version) => version.id > this.#lastId && version.id < id))
      for (const disk of this.#disks.values()) disk.forget()
    const whole = await this.#database.tx((q) => this.#write(q, name, content, manifest, known), {
      timeoutMs: 0,
    })
    this.#lastId = id
    this.#rebuilt.generation = Math.max(this.#rebuilt.generation, generation)
    if (!known) this.#rebuilt.versions++
    if (!whole) this.#rebuilt.damaged.push(id)
    if (header.point) this.#found(header, header.point, whole)
  }

  #found(header: ManifestHeader, point: FoundPoint['point'], whole: boolean): void {
    const { id: version, uid: versionUid, sequence } = header.version
    const { dataSource } = this
    this.#rebuilt.points.push({ version, versionUid, sequence, dataSource, point, whole })
  }

  async #write(
    q: Queryable,
    name: string,
    content: Buffer,
    { header, maps }: Manifest,
    known: boolean,
  ): Promise<boolean> {
    if (!known) await insertSource(q, { ...header.dataSource, host: header.host })
    const disks: MeasuredDisk[] = []
    for (const [i, disk] of header.disks.entries()) {
      const id = await insertDisk(q, this.dataSource, disk)
      const map = renameRuns(maps[i] ?? [], this.#healed)
      disks.push({ disk, id, pages: await this.#pagesOf(disk.name).next(id, map) })
    }
    if (!known) await insertRows(q, name, content, header, disks)
    return this.#isWhole(name, disks)
  }

  #pagesOf(disk: string): PageHistory {
    let pages = this.#disks.get(disk)
    if (!pages) this.#disks.set(disk, (pages = new PageHistory(this.#segments)))
    return pages
  }

  #isWhole(name: string, disks: readonly MeasuredDisk[]): boolean {
    let whole = true
    for (const { disk, pages } of disks) {
      const proven = digestRoot(pages.digests).toString('hex') === disk.digestRoot
      if (pages.whole && proven) continue
      const why = pages.whole ? 'chunks are not those that were meant' : 'chunks are missing'
      this.#rebuilt.warnings.push(`${name}: disk ${disk.name}: ${why}`)
      whole = false
    }
    return whole
  }
}

async function insertRows(
  q: Queryable,
  name: string,
  content: Buffer,
  header: ManifestHeader,
  disks: readonly MeasuredDisk[],
): Promise<void> {
  const { version, dataSource, previousManifest } = header
  const { configuration } = version
  await insertVersion(q, {
    ...version,
    dataSource: dataSource.id,
    configuration: configuration == null ? null : JSON.stringify(configuration),
    manifest: name,
    manifestDigest: manifestDigest(content),
    previousManifest: previousManifest === null ? null : Buffer.from(previousManifest, 'hex'),
  })
  const bytes = (hex: string | null) => (hex === null ? null : Buffer.from(hex, 'hex'))
  for (const { disk, id, pages } of disks) {
    await updateDisk(q, id, disk)
    await insertPages(q, version.id, pages.fresh)
    await insertVersionDisk(q, version.id, {
      ...disk,
      disk: id,
      digestRoot: Buffer.from(disk.digestRoot, 'hex'),
      readChecksum: bytes(disk.readChecksum),
      storedChecksum: bytes(disk.storedChecksum),
    })
  }
}
