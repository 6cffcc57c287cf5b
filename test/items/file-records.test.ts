import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openedRecords } from '../../core/wire/opened-records.ts'
import type { FilePart } from '../../core/archive/receive.ts'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openPlainPool } from '../../core/chunk/plain-pool.ts'
import { openOperatorClient } from '../../core/wire/operator-client.ts'
import { bytesOf, makeExt } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { Scene } from '../support/scene.ts'
import { flipByte } from './chunk-damage.ts'

const MIB = 2 ** 20
const ZEROED = bytesOf('zeroed', 3 * MIB)
/** Begins and ends within chunks; has text, and zeros that are written: mke2fs would make them holes. */
const content = (between: Buffer) =>
  Buffer.concat([
    bytesOf('first', 5 * MIB + 4096),
    between,
    Buffer.from('what people write, over and over again\n'.repeat(100_000)),
    bytesOf('last', 2 * MIB + 77),
  ])
const CONTENT = content(Buffer.alloc(ZEROED.length))

test('long content comes as it is stored, and is opened at its end', async (t) => {
  const { scene, point, parts } = await pointWith(t)
  const { holdfast } = scene

  await t.test('whole chunks as records; zeros as a hole; the ends as bytes', async () => {
    const [stored, plain] = [await parts(true), await parts(false)]
    const kinds = (all: readonly FilePart[]) => new Set(all.map(({ part }) => part))
    assert.deepEqual(kinds(stored), new Set(['head', 'data', 'disk', 'records', 'hole']))
    assert.deepEqual(kinds(plain), new Set(['head', 'data']))
    const sent = stored.reduce((sum, { data, records }) => sum + sizeOf(data) + sizeOf(records), 0)
    assert.ok(sent < CONTENT.length - 5 * MIB, `${sent} bytes were sent of ${CONTENT.length}`)
    const ends = stored.reduce((sum, { data }) => sum + sizeOf(data), 0)
    assert.ok(ends > 0 && ends < MIB, 'of the first and the last chunk, this file’s bytes alone')
    assert.ok(contentOf(plain).equals(CONTENT))
    assert.ok(contentOf(await opened(stored)).equals(CONTENT))
  })

  await t.test('short content never does', async () => {
    const all = await parts(true, '/short')
    assert.deepEqual(new Set(all.map(({ part }) => part)), new Set(['head', 'data']))
  })

  await t.test('records before their disk, or of another, are refused', async () => {
    const all = await parts(true)
    const refused = { code: 'protocol-violation' }
    await assert.rejects(opened(all.filter(({ disk }) => !disk)), refused)
    const other = all.map((part) =>
      part.disk ? { ...part, disk: { ...part.disk, ordinal: part.disk.ordinal + 1 } } : part,
    )
    await assert.rejects(opened(other), refused)
  })

  await t.test('one that is damaged on its way is not taken', async () => {
    const all = await parts(true)
    const hit = all.find(({ records }) => records)?.records
    hit![hit!.length - 1]! ^= 1
    await assert.rejects(opened(all), { code: 'chunk-damaged' })
  })

  await t.test('onto a host and into a file', async () => {
    const target = scene.restoreFolder()
    await holdfast.ok('files', 'restore', point, '/', '--to', `alpha:${target}`)
    assert.ok((await readFile(join(target, 'long'))).equals(CONTENT))
    const file = holdfast.path('fetched')
    await holdfast.ok('files', 'get', point, '/long', '-o', file)
    assert.ok((await readFile(file)).equals(CONTENT))
  })

  await t.test('damage in the store ends this file, told by its name', async () => {
    const store = holdfast.path('server', 'store')
    const names = await readdir(store, { recursive: true })
    const pack = names
      .find((name) => /(^|\/)packs?\/.*[^/]{9}$/.test(name))
      ?.split('/')
      .at(-1)
    await flipByte(store, pack ?? '', 3 * MIB)
    const file = holdfast.path('damaged')
    const { status, json } = await holdfast.run<{ error: { code: string; message: string } }>(
      ...['files', 'get', point, '/long', '-o', file],
    )
    assert.equal(status, 1)
    assert.match(json.error.code, /^chunk-damaged$/)
    await assert.rejects(readFile(file), { code: 'ENOENT' })
  })
})

async function pointWith(t: TestContext) {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'tree'))
  await writeFile(join(folder, 'tree/long'), content(ZEROED))
  await writeFile(join(folder, 'tree/short'), CONTENT.subarray(0, MIB))
  const scene = await Scene.open(t)
  const made = join(folder, 'disk.raw')
  await makeExt(made, 'ext4', join(folder, 'tree'))
  await zero(made)
  // Whole at once: the agent would see it while it is written.
  await rename(made, scene.image('disk.raw'))
  await scene.holdfast.source('alpha/disk.raw')
  const { id: point } = await scene.point('alpha/disk.raw')
  const operator = await readFile(scene.holdfast.path('server', 'operator.json'), 'utf8')
  const client = openOperatorClient(
    JSON.parse(operator) as Parameters<typeof openOperatorClient>[0],
  )
  t.after(() => client.close())
  const parts = async (records: boolean, path = '/long') => {
    const all: FilePart[] = []
    for await (const part of client.getFiles({ point, paths: [Buffer.from(path)], records })) {
      // Records are given away when they are opened.
      const kept = part.records ? { records: Buffer.from(part.records) } : {}
      all.push({ ...part, ...kept })
    }
    return all
  }
  return { scene, point, parts }
}

async function zero(image: string): Promise<void> {
  const bytes = await readFile(image)
  const at = bytes.indexOf(ZEROED)
  assert.ok(at > 0, 'the file is one piece')
  await writeFile(image, bytes.fill(0, at, at + ZEROED.length))
}

async function opened(parts: readonly FilePart[]): Promise<FilePart[]> {
  const workers = openChunkWorkers(1)
  try {
    const own = parts.map((part) =>
      part.records ? { ...part, records: alone(part.records) } : part,
    )
    const all: FilePart[] = []
    for await (const part of openedRecords(stream(own), openPlainPool(workers))) all.push(part)
    return all
  } finally {
    await workers.close()
  }
}

async function* stream(parts: readonly FilePart[]): AsyncIterable<FilePart> {
  for (const part of parts) yield await Promise.resolve(part)
}

function alone(bytes: Buffer): Buffer {
  const copy = Buffer.from(new ArrayBuffer(bytes.length))
  bytes.copy(copy)
  return copy
}

function sizeOf(bytes: Buffer | null): number {
  return bytes?.length ?? 0
}

function contentOf(parts: readonly FilePart[]): Buffer {
  return Buffer.concat(parts.map(({ data, hole }) => data ?? Buffer.alloc(hole ?? 0)))
}
