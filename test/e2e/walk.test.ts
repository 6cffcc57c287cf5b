import assert from 'node:assert/strict'
import { open, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { Holdfast } from '../support/holdfast.ts'

const CHUNK = 128 * 1024
const SIZE = 40 * CHUNK + 1536 // the last chunk is short

interface Started {
  readonly source: string
  readonly point: Point
  readonly error: unknown
}
interface Point {
  readonly id: string
  readonly sequence: number
  readonly state: string
  readonly consistency: string
  readonly sizeBytes: number
  readonly sentBytes: number
  readonly disks: readonly {
    readonly transferMode: string
    readonly transferReason: string | null
    readonly readChecksum: string | null
    readonly storedChecksum: string | null
  }[]
}

/** Different at every index; every fifth chunk is zero. */
async function writeDisk(file: string): Promise<void> {
  await writeFile(file, '')
  await truncate(file, SIZE)
  const handle = await open(file, 'r+')
  for (let index = 0; index * CHUNK < SIZE; index++) {
    if (index % 5 === 3) continue
    const bytes = Buffer.alloc(Math.min(CHUNK, SIZE - index * CHUNK))
    for (let at = 0; at < bytes.length; at += 8) bytes.writeUInt32LE(index * 7919 + at, at)
    await handle.write(bytes, 0, bytes.length, index * CHUNK)
  }
  await handle.close()
}

test('an image is protected, changed, protected again and brought back both ways', async (t) => {
  const holdfast = await Holdfast.create(t)
  await holdfast.startServer()
  await holdfast.startAgent('alpha')
  const image = join(holdfast.images, 'disk.raw')
  await writeDisk(image)
  const before = await readFile(image)

  await holdfast.source('alpha/disk.raw')
  const first = (await holdfast.ok<Started[]>('point', 'create', 'alpha/disk.raw')).json[0]
  assert.equal(first?.error, null)
  assert.equal(first.source, 'alpha/disk.raw')
  assert.equal(first.point.state, 'ready')
  assert.equal(first.point.consistency, 'cold')
  assert.equal(first.point.sizeBytes, SIZE)
  assert.equal(first.point.disks[0]?.transferMode, 'initial')
  assert.equal(first.point.disks[0].readChecksum, first.point.disks[0].storedChecksum)

  const handle = await open(image, 'r+')
  await handle.write(Buffer.from('changed'), 0, 7, 17 * CHUNK + 5)
  await handle.close()
  const after = await readFile(image)
  const second = (await holdfast.ok<Started[]>('point', 'create', 'alpha/disk.raw')).json[0]
  assert.equal(second?.point.disks[0]?.transferMode, 'compared')
  assert.equal(second.point.disks[0].transferReason, 'no-tracker')
  assert.ok(second.point.sentBytes < 2 * CHUNK, `sent ${second.point.sentBytes}`)

  const elsewhere = join(holdfast.images, 'out')
  await holdfast.ok('restore', first.point.id, '--to', 'alpha', '--path', elsewhere, '--yes')
  const restored = await readFile(join(elsewhere, 'disk.raw'))
  assert.ok(restored.equals(before), 'the first point came back')

  await writeFile(image, 'broken')
  await holdfast.ok('restore', 'alpha/disk.raw@latest', '--original', '--yes')
  assert.ok((await readFile(image)).equals(after), 'the second point came back in place')

  const verified = await holdfast.ok<{ checkedChunks: number; damaged: unknown[] }>(
    'verify',
    '--all',
  )
  assert.ok(verified.json.checkedChunks > 0)
  assert.deepEqual(verified.json.damaged, [])

  const host = await holdfast.ok<{ warnings: string[] }>('host', 'show', 'alpha')
  assert.match(host.json.warnings.join(), /runs on this very machine/)
})
