import { hash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { HoldfastError } from '../../core/model/error.ts'
import { chunkCount } from '../../core/model/geometry.ts'
import type { MapRun } from '../../core/model/map-page.ts'
import { manifestHeader, type ManifestHeader } from './manifest-header.ts'
import { MapDecoder, MapEncoder } from './manifest-map.ts'

/**
 * One version in the store: everything that the catalog knows of it.
 *
 *   8 bytes "HFmanif" and the format's digit · u32 header length · header, JSON in UTF-8 ·
 *   u32 body length · u32 plain body length · body, one zstd frame with the maps of all disks ·
 *   u16 signature length · signature over all before its length · SHA-256 over all before it
 *
 * Integers are little-endian.
 */
const MAGIC = 'HFmanif'
const FORMAT = 1
const DIGEST_BYTES = 32
const COMPRESSION_LEVEL = 3

const LEAST_ROOM = 1024
const MOST_ROOM = 1024 * 1024

/** 8 M runs of a 1 TiB disk take 30 MB; beyond this a length is damage, not data. */
const MAX_PLAIN_BYTES = 1024 * 1024 * 1024

export interface Manifest {
  readonly header: ManifestHeader
  /** Complete map of each disk, in the order of `header.disks`. Runs of any length. */
  readonly maps: readonly (readonly MapRun[])[]
}

/** `sequence` first, so that names sort in the order of the history. */
export function manifestName(dataSource: string, sequence: number, versionUid: string): string {
  return `${dataSource}/${String(sequence).padStart(10, '0')}-${versionUid}.manifest`
}

/** Collects maps page by page, disk after disk in the order of the header. */
export class ManifestBuilder {
  readonly #maps = new MapEncoder()

  /** The runs of one page, or of any further piece of the disk's map. */
  addRuns(runs: Iterable<MapRun>): void {
    this.#maps.addRuns(runs)
  }

  endDisk(): void {
    this.#maps.endDisk()
  }

  encode(header: ManifestHeader): Buffer {
    const json = Buffer.from(JSON.stringify(manifestHeader.parse(header)))
    const plain = this.#maps.bytes()
    const params = { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL }
    const body = zstdCompressSync(plain, { params, chunkSize: roomFor(plain.length) })
    const signed = [Buffer.from(MAGIC + String(FORMAT)), u32(json.length), json]
    signed.push(u32(body.length), u32(plain.length), body)
    const content = Buffer.concat([...signed, Buffer.alloc(2)]) // no signature yet
    return Buffer.concat([content, hash('sha256', content, 'buffer')])
  }
}

export function encodeManifest(manifest: Manifest): Buffer {
  const builder = new ManifestBuilder()
  for (const map of manifest.maps) {
    builder.addRuns(map)
    builder.endDisk()
  }
  return builder.encode(manifest.header)
}

/** What the next manifest of the data source names as its predecessor. */
export function manifestDigest(content: Buffer): Buffer {
  return hash('sha256', content, 'buffer')
}

/** Throws 'manifest-damaged' unless every byte is as written, 'store-newer' for a later format. */
export function decodeManifest(name: string, content: Buffer): Manifest {
  try {
    return decode(name, content)
  } catch (error) {
    if (error instanceof HoldfastError) throw error
    throw damaged(name, error instanceof Error ? error.message : String(error), error)
  }
}

function decode(name: string, content: Buffer): Manifest {
  const checked = content.subarray(0, content.length - DIGEST_BYTES)
  if (!hash('sha256', checked, 'buffer').equals(content.subarray(checked.length)))
    throw damaged(name, 'its digest differs')
  checkFormat(name, checked.toString('latin1', 0, MAGIC.length + 1))
  const headerAt = MAGIC.length + 5
  const headerEnd = headerAt + checked.readUInt32LE(headerAt - 4)
  const header = manifestHeader.parse(JSON.parse(checked.toString('utf8', headerAt, headerEnd)))
  const bodyAt = headerEnd + 8
  const plainBytes = checked.readUInt32LE(headerEnd + 4)
  if (plainBytes > MAX_PLAIN_BYTES) throw damaged(name, 'its maps are longer than any')
  const body = checked.subarray(bodyAt, bodyAt + checked.readUInt32LE(headerEnd))
  const plain = zstdDecompressSync(body, {
    maxOutputLength: Math.max(plainBytes, 1),
    chunkSize: roomFor(plainBytes),
  })
  if (plain.length !== plainBytes) throw damaged(name, 'its maps have another length')
  return { header, maps: decodeMaps(header, plain) }
}

/** zlib takes a buffer of this size at once and keeps it with what it gives, however little that is. */
function roomFor(bytes: number): number {
  return Math.min(Math.max(bytes, LEAST_ROOM), MOST_ROOM)
}

function decodeMaps(header: ManifestHeader, plain: Buffer): MapRun[][] {
  const decoder = new MapDecoder(plain)
  const maps = header.disks.map(({ name, sizeBytes, chunkBytes }) => {
    const runs = [...decoder.disk()]
    const covered = runs.reduce((sum, run) => sum + run.length, 0)
    if (covered !== chunkCount(sizeBytes, chunkBytes))
      throw new RangeError(`the map of disk ${name} covers ${covered} chunks`)
    return runs
  })
  if (!decoder.atEnd()) throw new RangeError('more maps than disks')
  return maps
}

function checkFormat(name: string, start: string): void {
  if (!start.startsWith(MAGIC)) throw damaged(name, 'it is no manifest')
  if (start > MAGIC + String(FORMAT))
    throw new HoldfastError('store-newer', `manifest ${name} has format ${start.at(-1)}`, {
      hint: `This release reads manifests up to format ${FORMAT}. Install a newer Holdfast.`,
    })
}

function damaged(name: string, why: string, cause?: unknown): HoldfastError {
  return new HoldfastError('manifest-damaged', `manifest ${name}: ${why}`, {
    hint: 'The catalog still has what it says; a rebuild would miss this version.',
    cause,
  })
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
