import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import test from 'node:test'
import { promisify } from 'node:util'
import { NbdClient } from '../../core/nbd/client.ts'
import { BASE_ALLOCATION } from '../../core/nbd/protocol.ts'
import { lacksTool } from '../support/needs.ts'
import { GUEST, memoryDisk, PIECE, serveMemory } from './memory-disk.ts'
import { named, RawClient } from './raw-client.ts'
import { connected, uint } from './servers.ts'

const run = promisify(execFile)
const [GO, STRUCTURED, LIST, EXPORT_NAME, ABORT, INFO] = [7, 8, 3, 1, 2, 6]
const [READ, WRITE, DISCONNECT, TRIM, WRITE_ZEROES, STATUS] = [0, 1, 2, 4, 6, 7]
const [EPERM, EIO, EINVAL, EOVERFLOW] = [1, 5, 22, 75]
const ACK = 1
const ERROR = 2 ** 31

void test('our own client reads what our server serves, several at once', async (t) => {
  const { path, server } = await serveMemory(t, [memoryDisk('sda', GUEST)])
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  const clients = await Promise.all(Array.from({ length: 5 }, () => connected(t, path)))
  assert.equal(server.connections, 5)
  const reads = Array.from({ length: 300 }, async (_, i) => {
    const offset = (i * 104_729 * 31) % GUEST.length
    const into = Buffer.alloc(Math.min(1 + ((i * 7907) % 300_000), GUEST.length - offset), 1)
    await clients[i % 5]?.read(offset, into)
    assert.ok(into.equals(GUEST.subarray(offset, offset + into.length)))
  })
  await Promise.all(reads)
  const [client] = clients
  assert.ok(client)
  assert.equal(client.isReadOnly, true)
  await assert.rejects(client.write(0, Buffer.alloc(512)), /EPERM/)
  await assert.rejects(client.trim(0, 512), /EPERM/)
  const into = Buffer.alloc(GUEST.length)
  await client.read(0, into)
  assert.ok(into.equals(GUEST))
})

void test('allocation is told where it was asked for, in one answer or in several', async (t) => {
  const { path } = await serveMemory(t, [memoryDisk('sda', GUEST)])
  const client = await connected(t, path, { contexts: [BASE_ALLOCATION] })
  assert.ok(client.hasContext(BASE_ALLOCATION))
  let at = 0
  for await (const { offset, length, flags } of client.statuses(BASE_ALLOCATION)) {
    assert.equal(offset, at)
    at += length
    const bytes = GUEST.subarray(offset, at)
    assert.equal(flags, bytes.equals(Buffer.alloc(length)) ? 3 : 0)
  }
  assert.equal(at, GUEST.length)
})

void test('exports are found by name, the only one also without', async (t) => {
  const two = await serveMemory(t, [memoryDisk('sda', GUEST), memoryDisk('b/ö', Buffer.alloc(700))])
  assert.equal((await connected(t, two.path, { exportName: 'b/ö' })).sizeBytes, 700)
  await assert.rejects(NbdClient.connect({ path: two.path }), /there are: sda, b\/ö/)
  const client = new RawClient(t, two.path)
  await client.greet()
  client.option(LIST)
  const first = await client.answer()
  assert.deepEqual([first.type, first.data.toString('utf8', 4)], [2, 'sda'])
  assert.equal((await client.answer()).data.toString('utf8', 4), 'b/ö')
  assert.equal((await client.answer()).type, ACK)
  client.option(INFO, named('sda', uint(2, 2), uint(2, 1), uint(2, 3)))
  const info = await client.answer()
  assert.equal(info.data.readBigUInt64BE(2), BigInt(GUEST.length))
  assert.equal(info.data.readUInt16BE(10), 1 | 2 | 256)
  assert.equal((await client.answer()).data.toString('utf8', 2), 'sda')
  assert.deepEqual([...(await client.answer()).data.subarray(2, 10)], [0, 0, 0, 1, 0, 1, 0, 0])
  assert.equal((await client.answer()).type, ACK)
  client.option(99)
  assert.equal((await client.answer()).type, ERROR + 1)
  client.option(5)
  assert.equal((await client.answer()).type, ERROR + 1)
  client.option(10, named('sda', uint(4, 1), named(BASE_ALLOCATION)))
  assert.equal((await client.answer()).type, ERROR + 3)
  client.option(ABORT)
  assert.equal((await client.answer()).type, ACK)
  await client.closed()
})

void test('the old way in, and simple replies', async (t) => {
  const { path } = await serveMemory(t, [memoryDisk('sda', GUEST, 4 * PIECE)])
  for (const [flags, zeroes] of [
    [3, 0],
    [1, 124],
  ] as const) {
    const client = new RawClient(t, path)
    await client.greet(flags)
    client.option(EXPORT_NAME, Buffer.from('sda'))
    const answer = await client.take(10 + zeroes)
    assert.equal(answer.readBigUInt64BE(0), BigInt(GUEST.length))
    client.request(READ, 1000, 2000)
    assert.deepEqual((await client.take(16)).readUInt32BE(4), 0)
    assert.ok((await client.take(2000)).equals(GUEST.subarray(1000, 3000)))
    for (const [type, offset, length, errno] of [
      [READ, GUEST.length - 1, 2, EINVAL],
      [READ, 4 * PIECE, 1, EIO],
      [TRIM, 0, 512, EPERM],
      [STATUS, 0, 512, EINVAL],
    ] as const) {
      client.request(type, offset, length)
      assert.equal((await client.take(16)).readUInt32BE(4), errno)
    }
    client.request(READ, GUEST.length - 3, 3)
    assert.equal((await client.take(16)).readUInt32BE(4), 0)
    assert.ok((await client.take(3)).equals(GUEST.subarray(-3)))
    client.request(DISCONNECT, 0, 0)
    await client.closed()
  }
})

async function structured(t: test.TestContext, path: string): Promise<RawClient> {
  const client = new RawClient(t, path)
  await client.greet()
  client.option(STRUCTURED)
  assert.equal((await client.answer()).type, ACK)
  client.option(10, named('sda', uint(4, 1), named(BASE_ALLOCATION)))
  assert.equal((await client.answer()).data.toString('utf8', 4), BASE_ALLOCATION)
  assert.equal((await client.answer()).type, ACK)
  client.option(GO, named('sda', uint(2, 0)))
  assert.equal((await client.answer()).type, 3)
  assert.equal((await client.answer()).type, ACK)
  return client
}

void test('data and holes come apart unless they are to come in one piece', async (t) => {
  const { path } = await serveMemory(t, [memoryDisk('sda', GUEST)])
  const client = await structured(t, path)
  // 1 to 2 MiB is a hole.
  client.request(READ, 2 ** 20 - 100, 2 ** 20 + 300)
  const chunks = [await client.chunk(), await client.chunk(), await client.chunk()]
  assert.deepEqual(
    chunks.map(({ flags, type, data }) => [flags, type, data.length]),
    [
      [0, 1, 108],
      [0, 2, 12],
      [1, 1, 208],
    ],
  )
  client.request(READ, 2 ** 20 - 100, 2 ** 20 + 300, 4)
  const { flags, type, data } = await client.chunk()
  assert.deepEqual([flags, type], [1, 1])
  assert.ok(data.subarray(8).equals(GUEST.subarray(2 ** 20 - 100, 2 ** 21 + 200)))
  client.request(STATUS, 0, GUEST.length, 8)
  assert.equal((await client.chunk()).data.length, 12)
})

void test('requests that make no sense are refused; the next is answered', async (t) => {
  const bad = 3 * PIECE + 5
  const { path, errors } = await serveMemory(t, [memoryDisk('sda', GUEST, bad)])
  const client = await structured(t, path)
  const cases = [
    [READ, GUEST.length, 1, 0, EINVAL],
    [READ, 2n ** 64n - 1n, 2, 0, EINVAL],
    [READ, 0, 512, 0x8000, EINVAL],
    [STATUS, 0, 0, 0, EINVAL],
    [STATUS, 0, GUEST.length + 1, 0, EINVAL],
    [WRITE_ZEROES, 0, 512, 0, EPERM],
    [99, 0, 512, 0, EINVAL],
    [READ, bad, 1, 0, EIO],
    [READ, 0, GUEST.length, 4, EIO],
  ] as const
  for (const [type, offset, length, flags, errno] of cases) {
    client.request(type, offset, length, flags)
    const reply = await client.chunk()
    assert.equal(reply.flags, 1)
    assert.ok(reply.type >= 2 ** 15)
    assert.equal(reply.data.readUInt32BE(0), errno, `${type} ${offset} ${length}`)
  }
  assert.equal(errors.length, 2)
  client.request(WRITE, 0, 100_000)
  client.send(Buffer.alloc(100_000, 7))
  assert.equal((await client.chunk()).data.readUInt32BE(0), EPERM)
  client.request(READ, 0, 0)
  assert.equal((await client.chunk()).type, 0)
  client.request(READ, 5, 5)
  assert.ok((await client.chunk()).data.subarray(8).equals(GUEST.subarray(5, 10)))
})

void test('a read of more than 32 MiB is refused, one of 32 MiB is not', async (t) => {
  const large = Buffer.alloc(40 * 2 ** 20, 'x')
  const { path } = await serveMemory(t, [memoryDisk('sda', large)])
  const client = await structured(t, path)
  client.request(READ, 0, 32 * 2 ** 20 + 1)
  assert.equal((await client.chunk()).data.readUInt32BE(0), EOVERFLOW)
  client.request(READ, 5, 32 * 2 ** 20, 4)
  assert.equal((await client.chunk()).data.length, 32 * 2 ** 20 + 8)
})

void test('whatever a client sends ends at most its own connection', async (t) => {
  const { path, server } = await serveMemory(t, [memoryDisk('sda', GUEST)])
  const good = await connected(t, path)
  const hostile: ((client: RawClient) => Promise<void> | void)[] = [
    (client) => client.send(Buffer.alloc(4, 0xff)),
    (client) => client.send(uint(4, 3), Buffer.alloc(16, 0x41)),
    (client) => client.send(uint(4, 3), Buffer.from('IHAVEOPT'), uint(4, 7), uint(4, 0xffffffff)),
    (client) => {
      client.send(uint(4, 3))
      for (let i = 0; i < 300; i++) client.option(99)
    },
    (client) => {
      client.send(uint(4, 3))
      client.option(EXPORT_NAME, Buffer.from('none'))
    },
    (client) => {
      client.send(uint(4, 3))
      client.option(EXPORT_NAME, Buffer.from('sda'))
      client.send(Buffer.alloc(28, 0x42))
    },
    (client) => {
      client.send(uint(4, 3))
      client.option(EXPORT_NAME, Buffer.from('sda'))
      client.request(WRITE, 0, 0xffffffff)
    },
  ]
  for (const attack of hostile) {
    const client = new RawClient(t, path)
    await client.take(18)
    await attack(client)
    await client.closed()
  }
  const broken = new RawClient(t, path)
  await broken.greet()
  for (const data of [
    Buffer.alloc(0),
    uint(4, 0xffffffff),
    named('sda', uint(2, 9)),
    named('sda', uint(2, 0), uint(2, 0)),
  ]) {
    broken.option(GO, data)
    assert.equal((await broken.answer()).type, ERROR + 3)
  }
  // Asks for much, reads nothing: it is let wait, others are served.
  const greedy = await structured(t, path)
  greedy.socket.pause()
  for (let i = 0; i < 500; i++) greedy.request(READ, 0, GUEST.length)
  const into = Buffer.alloc(100)
  await good.read(77, into)
  assert.ok(into.equals(GUEST.subarray(77, 177)))
  greedy.socket.destroy()
  assert.ok(server.connections >= 1)
})

void test('more connections than there may be are closed; a socket left behind is taken over', async (t) => {
  const { path, server } = await serveMemory(t, [memoryDisk('sda', GUEST)])
  const clients = Array.from({ length: 32 }, () => new RawClient(t, path))
  await Promise.all(clients.map((client) => client.take(18)))
  await new RawClient(t, path).closed()
  assert.equal(server.connections, 32)
  const second = { disks: [], listen: { path }, onError: () => {} }
  const { openNbdServer } = await import('../../core/nbd/server.ts')
  await assert.rejects(openNbdServer(second), /taken already/)
})

void test('nbdinfo and nbdcopy agree with our server', async (t) => {
  if (lacksTool(t, 'nbdinfo') || lacksTool(t, 'nbdcopy')) return
  const { path } = await serveMemory(t, [memoryDisk('sda', GUEST)])
  const uri = `nbd+unix:///sda?socket=${path}`
  const { stdout } = await run('nbdinfo', ['--map', '--json', uri])
  const map = JSON.parse(stdout) as { offset: number; length: number; type: number }[]
  for (const { offset, length, type } of map)
    assert.equal(type === 3, GUEST.subarray(offset, offset + length).equals(Buffer.alloc(length)))
  const copied = await run('nbdcopy', [uri, '-'], { encoding: 'buffer', maxBuffer: 2 ** 24 })
  assert.ok(copied.stdout.equals(GUEST))
})
