import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import test from 'node:test'
import { NbdClient } from '../../core/nbd/client.ts'
import { qemuImg, qemuIo } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { exists, inFolder, samplePoint, startExport } from './exported.ts'

interface MapEntry {
  readonly start: number
  readonly length: number
  readonly zero: boolean
  readonly data: boolean
}

void test('qemu-img reads an export as it reads the source', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const { scene, guest, image, point } = await samplePoint(t)
  const { child, ready, socket, uri } = await startExport(t, scene, point.id)
  assert.equal(ready.point, point.id)
  assert.deepEqual(
    ready.disks.map(({ name, sizeBytes }) => [name, sizeBytes]),
    [[point.disks[0]?.name, guest.length]],
  )
  assert.equal((await stat(socket)).mode & 0o777, 0o600)

  await t.test('compared and converted', async () => {
    await qemuImg('compare', '-f', 'raw', '-F', 'raw', image, uri)
    const copy = inFolder(scene, 'copy.raw')
    await qemuImg('convert', '-f', 'raw', '-O', 'raw', uri, copy)
    assert.ok((await readFile(copy)).subarray(0, guest.length).equals(guest))
    const qcow2 = inFolder(scene, 'copy.qcow2')
    await qemuImg('convert', '-f', 'raw', '-O', 'qcow2', '-m', '8', '-W', uri, qcow2)
    await qemuImg('compare', '-f', 'raw', '-F', 'qcow2', image, qcow2)
  })

  await t.test('the map shows the holes, and nothing but', async () => {
    const map = JSON.parse(
      await qemuImg('map', '--output=json', '-f', 'raw', uri),
    ) as readonly MapEntry[]
    const holes = map.filter(({ data }) => !data)
    for (const { start, length, zero } of map) {
      const bytes = guest.subarray(start, start + length)
      if (zero) assert.ok(bytes.equals(Buffer.alloc(bytes.length)), `zeros at ${start}`)
    }
    assert.deepEqual(
      holes.map(({ start, length, zero }) => [start, length, zero]),
      [
        [2 ** 20, 2 ** 20, true],
        [3 * 2 ** 20, 2 * 2 ** 20, true],
      ],
    )
  })

  await t.test('an overlay takes what is written', async () => {
    const overlay = inFolder(scene, 'overlay.qcow2')
    await qemuImg('create', '-f', 'qcow2', '-F', 'raw', '-b', uri, overlay)
    await qemuIo(overlay, 'qcow2', 'write -P 7 1M 64k', 'read -P 7 1M 64k', 'read -P 0 3M 1M')
    await qemuImg('compare', '-f', 'raw', '-F', 'raw', image, uri)
  })

  await t.test('over several connections at once, from anywhere', async () => {
    const clients = await Promise.all(
      Array.from({ length: 4 }, () => NbdClient.connect({ path: socket })),
    )
    const reads = Array.from({ length: 400 }, async (_, i) => {
      const offset = (i * 7919 * 613) % guest.length
      const length = Math.min(1 + ((i * 8191) % 700_000), guest.length - offset)
      const into = Buffer.alloc(length, 1)
      await clients[i % clients.length]?.read(offset, into)
      assert.ok(into.equals(guest.subarray(offset, offset + length)), `${offset} ${length}`)
    })
    await Promise.all(reads)
    await Promise.all(clients.map((client) => client.close()))
  })

  const ended = await child.kill('SIGINT')
  assert.deepEqual([ended.status, ended.signal], [0, null])
  assert.equal(await exists(socket), false)
})

void test('the tools of libnbd read an export over TCP', async (t) => {
  if (lacksTool(t, 'nbdcopy') || lacksTool(t, 'nbdinfo')) return
  const { execFileSync } = await import('node:child_process')
  const { scene, guest, point } = await samplePoint(t)
  const { uri } = await startExport(t, scene, point.id, '--listen', '127.0.0.1:0')
  const copy = inFolder(scene, 'copy.raw')
  execFileSync('nbdcopy', [uri, copy])
  assert.ok((await readFile(copy)).equals(guest))
  const info = JSON.parse(execFileSync('nbdinfo', ['--json', uri], { encoding: 'utf8' })) as {
    readonly exports: readonly Record<string, unknown>[]
  }
  const [found] = info.exports
  assert.equal(found?.['export-size'], guest.length)
  assert.equal(found?.['is_read_only'], true)
  assert.equal(found?.['can_multi_conn'], true)
})
