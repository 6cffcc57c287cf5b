import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { NbdClient } from '../../core/nbd/client.ts'
import { NbdDiskReader, NbdDiskWriter } from '../../core/nbd/nbd-disk.ts'
import {
  GUEST_BYTES,
  guestContent,
  makeImage,
  qemuImg,
  qemuIo,
  temporaryFolder,
} from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { checkAllocation, readAll } from '../source/reading.ts'
import { connected, serveByQemu, startQemu } from './servers.ts'

const guest = guestContent('nbd', GUEST_BYTES)
const ALLOCATION = { contexts: ['base:allocation'] }

void test('reads side by side and in any order give the bytes of their places', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const image = await makeImage(await temporaryFolder(t), 'plain.qcow2', guest)
  const client = await connected(t, await serveByQemu(t, '-r', '-f', 'qcow2', image))
  assert.equal(client.sizeBytes, GUEST_BYTES)
  assert.equal(client.isReadOnly, true)
  const places = Array.from({ length: 200 }, (_, index) => (index * 7_919_777) % GUEST_BYTES)
  await Promise.all(
    places.map(async (offset, index) => {
      const into = Buffer.alloc(Math.min(1 + index * 997, GUEST_BYTES - offset), 0xee)
      await client.read(offset, into)
      assert.ok(into.equals(guest.subarray(offset, offset + into.length)), `at ${offset}`)
    }),
  )
})

void test('a disk over NBD: bytes, allocation, short tail; also without structured contexts', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const image = await makeImage(await temporaryFolder(t), 'plain.qcow2', guest)
  const socket = await serveByQemu(t, '-r', '-f', 'qcow2', image)
  const reader = new NbdDiskReader(await connected(t, socket, ALLOCATION))
  const bytes = await readAll(reader)
  assert.ok(bytes.equals(guest))
  assert.ok((await checkAllocation(reader, bytes)) > 0)
  const plain = new NbdDiskReader(await connected(t, socket))
  assert.equal(await checkAllocation(plain, bytes), 0, 'without the context all counts as data')
})

void test('writes, zeroes, trim and flush reach the image', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const path = join(await temporaryFolder(t), 'target.raw')
  await writeFile(path, guestContent('before', GUEST_BYTES))
  const socket = await serveByQemu(t, '-f', 'raw', '--discard=unmap', path)
  const client = await connected(t, socket, ALLOCATION)
  const writer = new NbdDiskWriter(client)
  await writer.write(0, guest)
  await client.writeZeroes(70_000, 200_000, true)
  await client.writeZeroes(2 ** 21, 2 ** 20)
  await client.trim(2 ** 22, 65_536)
  await writer.flush()
  const expected = Buffer.from(guest)
    .fill(0, 70_000, 270_000)
    .fill(0, 2 ** 21, 3 * 2 ** 20)
  const written = await readFile(path)
  assert.ok(written.subarray(0, 2 ** 22).equals(expected.subarray(0, 2 ** 22)))
  assert.ok(written.subarray(2 ** 22 + 65_536).equals(expected.subarray(2 ** 22 + 65_536)))
})

void test('a dirty bitmap is read as any other context', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const image = await makeImage(await temporaryFolder(t), 'plain.qcow2', guest)
  await qemuImg('bitmap', '--add', '-g', '64k', '-f', 'qcow2', image, 'hf-1')
  await qemuIo(image, 'qcow2', 'write -P 1 1M 64k', 'write -P 2 4M 100k')
  const socket = await serveByQemu(t, '-r', '-f', 'qcow2', '-B', 'hf-1', image)
  const context = 'qemu:dirty-bitmap:hf-1'
  const client = await connected(t, socket, { contexts: [context, 'base:allocation'] })
  assert.ok(client.hasContext(context) && client.hasContext('base:allocation'))
  const dirty: number[][] = []
  for await (const { offset, length, flags } of client.statuses(context))
    if (flags === 1) dirty.push([offset, length])
  assert.deepEqual(dirty, [
    [2 ** 20, 65_536],
    [2 ** 22, 131_072],
  ])
})

void test('a sector that cannot be read is an error of its range; the others are still read', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const path = join(await temporaryFolder(t), 'bad.raw')
  await writeFile(path, guest)
  const sector = { event: 'none', iotype: 'read', sector: 2048, errno: 5, once: false }
  const file = { driver: 'file', filename: path }
  const node = { driver: 'blkdebug', image: file, 'inject-error': [sector] }
  const bad = `json:${JSON.stringify({ driver: 'raw', file: node })}`
  const client = await connected(t, await serveByQemu(t, '-r', bad))
  const into = Buffer.alloc(4096)
  await assert.rejects(client.read(2 ** 20, into), {
    code: 'source-unreadable',
    details: { offset: 2 ** 20, length: 4096, errno: 5 },
  })
  await client.read(2 ** 20 + 4096, into)
  assert.ok(into.equals(guest.subarray(2 ** 20 + 4096, 2 ** 20 + 8192)))
  const all = Buffer.alloc(GUEST_BYTES)
  await assert.rejects(new NbdDiskReader(client).read(0, all), { code: 'source-unreadable' })
  assert.ok(all.subarray(2 ** 21).equals(guest.subarray(2 ** 21)), 'what could be read was')
})

void test('a write to a read-only export fails with a code of its own', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const image = await makeImage(await temporaryFolder(t), 'plain.qcow2', guest)
  const client = await connected(t, await serveByQemu(t, '-r', '-f', 'qcow2', image))
  await assert.rejects(client.write(0, Buffer.alloc(512)), { code: 'target-write-failed' })
})

void test('a server that dies fails every request, also those that wait for their turn', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const image = await makeImage(await temporaryFolder(t), 'plain.qcow2', guest)
  const { socket, kill } = await startQemu(t, '-r', '-f', 'qcow2', image)
  const client = await connected(t, socket)
  const reads = Array.from({ length: 100 }, () => client.read(0, Buffer.alloc(GUEST_BYTES)))
  kill()
  const outcomes = await Promise.allSettled(reads)
  const failures = outcomes.filter((one) => one.status === 'rejected')
  assert.ok(failures.length > 0)
  for (const { reason } of failures) assert.equal((reason as { code: string }).code, 'tool-failed')
  await assert.rejects(client.read(0, Buffer.alloc(1)), { code: 'tool-failed' })
})

void test('what is outside the export is not even asked for', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const image = await makeImage(await temporaryFolder(t), 'plain.qcow2', guest)
  const client = await connected(t, await serveByQemu(t, '-r', '-f', 'qcow2', image))
  await assert.rejects(client.read(GUEST_BYTES - 1, Buffer.alloc(2)), RangeError)
  await assert.rejects(client.read(-1, Buffer.alloc(2)), RangeError)
})

void test('an export that does not exist, and nobody listening', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const image = await makeImage(await temporaryFolder(t), 'plain.qcow2', guest)
  const path = await serveByQemu(t, '-r', '-f', 'qcow2', '-x', 'disk', image)
  await assert.rejects(NbdClient.connect({ path }, { exportName: 'other' }), /other/)
  const client = await connected(t, path, { exportName: 'disk' })
  assert.equal(client.sizeBytes, GUEST_BYTES)
  await assert.rejects(NbdClient.connect({ path: `${path}-none` }), { code: 'tool-failed' })
})
