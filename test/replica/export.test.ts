import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import { exportReplica, type ExportDeps } from '../../agent/replica/export-replica.ts'
import { imageProvider } from '../../agent/source/image-source.ts'
import { openReadPool } from '../../agent/transfer/read-pool.ts'
import { recordBody } from '../../core/chunk/record-header.ts'
import { recordsOf } from '../../core/chunk/record-list.ts'
import { decodePlace } from '../../core/chunk/record.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { systemFileSystem, type FileSystem } from '../../core/runtime/file-system.ts'
import { createLogger } from '../../core/runtime/log-winston.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { decodeBlocks } from '../../core/replica/block.ts'
import { JOURNAL, MANIFEST, partPath } from '../../core/replica/layout.ts'
import { openManifest, type ReplicaManifest } from '../../core/replica/manifest.ts'
import { FaultyFileSystem } from '../support/faulty-file-system.ts'
import { CHUNK, rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'

const DISK = { chunks: 143, tail: 777, seed: 5 }

/** An export of one image, in this process, with small parts. */
class Bench {
  readonly folder: string
  readonly image: string
  readonly media: string
  readonly #t: TestContext

  private constructor(t: TestContext, folder: string) {
    this.#t = t
    this.folder = folder
    this.image = join(folder, 'images', 'web.raw')
    this.media = join(folder, 'media')
  }

  static async open(t: TestContext): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-export-'))
    t.after(() => rm(folder, { recursive: true }))
    await mkdir(join(folder, 'images'))
    const bench = new Bench(t, folder)
    await writeRawDisk(bench.image, DISK)
    return bench
  }

  async run(fs: FileSystem = systemFileSystem) {
    const pool = openReadPool(1)
    this.#t.after(() => pool.close())
    const log = createLogger({ level: 'error', folder: join(this.folder, 'logs'), name: 'export' })
    const provider = imageProvider({
      ...{ folders: [{ path: join(this.folder, 'images') }], declared: [], allowedFolders: [] },
      ...{ log, clock: systemClock },
    })
    const identity = identityOf()
    const seams = { clock: systemClock, random: systemRandom, log }
    const deps: ExportDeps = { fs, provider, identity, pool, ...seams, partBytes: 4 * CHUNK }
    return exportReplica(deps, {
      ...{ source: 'alpha/web.raw', folder: this.media, excludeDisks: [], bytesPerSecond: 0 },
      ...{ onProgress: () => {}, signal: new AbortController().signal },
    })
  }

  async manifest(): Promise<ReplicaManifest> {
    const raw = JSON.parse(await readFile(join(this.media, MANIFEST), 'utf8')) as {
      content: ReplicaManifest
    }
    return raw.content
  }

  /** The disk as the parts have it, every chunk of it just once. */
  async content(): Promise<Buffer> {
    const { parts, disks } = await this.manifest()
    const disk = Buffer.alloc(disks[0]!.sizeBytes)
    const seen: number[] = []
    for (const index of parts.keys())
      for (const block of decodeBlocks(await readFile(join(this.media, partPath(index)))))
        if ('runs' in block)
          for (const { start, count } of block.runs)
            seen.push(...Array.from({ length: count }, (_, i) => start + i))
        else
          for (const { place, codec, storedLength, offset } of recordsOf(block.records)) {
            const body = recordBody(block.records, offset, storedLength)
            const plain = codec === 1 ? zstdDecompressSync(body) : body
            plain.copy(disk, decodePlace(place).index * CHUNK)
            seen.push(decodePlace(place).index)
          }
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      Array.from({ length: DISK.chunks }, (_, i) => i),
    )
    return disk
  }
}

/** The certificate is not looked at before a server does. */
function identityOf() {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  const names = { hostId: 'host-1', hostName: 'alpha', serverId: 'server-1' }
  return { ...names, addresses: [], authority: '', certificate: '', key: pem }
}

test('an export is the disk, in parts, and the folder has nothing else', async (t) => {
  const bench = await Bench.open(t)
  const exported = await bench.run()
  assert.ok(exported.parts > 4 && exported.resumedParts === 0)
  assert.deepEqual(exported.warnings, [])
  assert.ok((await bench.content()).equals(await readFile(bench.image)))
  assert.deepEqual((await readdir(bench.media)).sort(), [MANIFEST, 'parts'])
  await assert.rejects(bench.run(), { code: 'target-exists' })
})

test('a drive that is full ends it, and the next run goes on where it stopped', async (t) => {
  const bench = await Bench.open(t)
  for (const at of [2, 9, 9]) {
    const full = { call: 'file.write', at, fault: 'ENOSPC', path: /part/, lasting: true } as const
    await assert.rejects(
      bench.run(new FaultyFileSystem(full)),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'target-full')
        return /is full; \d+ parts/.test(error.message)
      },
    )
    assert.ok((await readdir(bench.media)).includes(JOURNAL))
  }
  const exported = await bench.run()
  assert.ok(exported.resumedParts > 0 && exported.resumedParts < exported.parts)
  assert.match(exported.warnings.join(), /several times/)
  assert.ok((await bench.content()).equals(await readFile(bench.image)))
})

test('a fault at any file operation leaves an export that can be finished', async (t) => {
  const bench = await Bench.open(t)
  const counting = new FaultyFileSystem()
  await bench.run(counting)
  const calls = counting.calls.length
  for (let at = 5; at < calls; at += 23) {
    await rm(bench.media, { recursive: true })
    const fault = { call: 'any', at, fault: 'EIO' } as const
    await assert.rejects(bench.run(new FaultyFileSystem(fault)))
    await bench.run().catch((error: Error & { code?: string }) => {
      assert.equal(error.code, 'target-exists', `after a fault at call ${at}: ${error.message}`)
    })
    assert.ok((await bench.content()).equals(await readFile(bench.image)), `fault at ${at}`)
  }
})

test('another disk is not added to what was begun', async (t) => {
  const bench = await Bench.open(t)
  const full = { call: 'file.write', at: 9, fault: 'ENOSPC', path: /part/ } as const
  await assert.rejects(bench.run(new FaultyFileSystem(full)), { code: 'target-full' })
  await rewriteChunk(bench.image, 2, 99)
  await writeRawDisk(bench.image, { ...DISK, chunks: DISK.chunks + 1 })
  await assert.rejects(bench.run(), { code: 'target-exists' })
})

test('a journal line that was cut off counts for nothing', async (t) => {
  const bench = await Bench.open(t)
  const full = { call: 'file.write', at: 17, fault: 'ENOSPC', path: /part/ } as const
  await assert.rejects(bench.run(new FaultyFileSystem(full)), { code: 'target-full' })
  const journal = join(bench.media, JOURNAL)
  const whole = await readFile(journal)
  await writeFile(journal, whole.subarray(0, whole.length - 9))
  await bench.run()
  assert.ok((await bench.content()).equals(await readFile(bench.image)))
})

test('a manifest that was changed is not opened', async (t) => {
  const bench = await Bench.open(t)
  await bench.run()
  const file = await readFile(join(bench.media, MANIFEST))
  assert.equal(openManifest(file.subarray(0, 300)), 'it is cut off, or no manifest at all')
  assert.equal(openManifest(Buffer.from('{}')), 'it is no manifest of a replica')
  // Without a certificate of a host no signature can hold.
  assert.equal(openManifest(file), 'its signature does not hold')
  const later = file.toString().replace('"format": 1', '"format": 2')
  assert.equal(openManifest(Buffer.from(later)), 'a later release has written it')
})
