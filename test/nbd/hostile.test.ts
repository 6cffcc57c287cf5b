import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import test from 'node:test'
import { HoldfastError } from '../../core/model/error.ts'
import { NbdClient } from '../../core/nbd/client.ts'
import {
  connected,
  GREETING,
  HANDSHAKE,
  onRequests,
  optionReply,
  reply,
  serveScript,
  uint,
} from './servers.ts'

const CONTEXTS = { contexts: ['base:allocation'], stallMs: 5000 }
const DATA = 1
const HOLE = 2
const BLOCK_STATUS = 5

/** A client of a server that answers every request so. */
async function against(
  t: test.TestContext,
  answer: (cookie: number, offset: number, length: number) => Buffer,
): Promise<NbdClient> {
  const path = await serveScript(t, (socket) => {
    socket.write(HANDSHAKE)
    onRequests(socket, ({ cookie, offset, length }) => {
      socket.write(answer(cookie, offset, length))
    })
  })
  return connected(t, path, CONTEXTS)
}

function isOurs(error: unknown): boolean {
  return (
    error instanceof HoldfastError && ['protocol-violation', 'tool-failed'].includes(error.code)
  )
}

void test('a handshake cut at any byte is an error', async (t) => {
  for (let length = 0; length < HANDSHAKE.length; length += 3) {
    const path = await serveScript(t, (socket) => {
      socket.end(HANDSHAKE.subarray(0, length))
    })
    await assert.rejects(NbdClient.connect({ path }, CONTEXTS), isOurs, `cut at ${length}`)
  }
})

void test('a handshake with any bit flipped ends, one way or the other', async (t) => {
  for (let at = 0; at < HANDSHAKE.length; at += 2) {
    const flipped = Buffer.from(HANDSHAKE)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
    const path = await serveScript(t, (socket) => {
      socket.end(flipped)
    })
    const outcome = await NbdClient.connect({ path }, CONTEXTS).then(
      (client) => client.close(),
      (error: unknown) => error,
    )
    assert.ok(outcome === undefined || isOurs(outcome), `byte ${at}: ${String(outcome)}`)
  }
})

void test('answers to options without end, or without measure, are refused', async (t) => {
  const endless = await serveScript(t, (socket) => {
    socket.write(GREETING)
    const more = () => {
      for (let count = 0; count < 100; count++) socket.write(optionReply(8, 3))
      if (!socket.destroyed) setImmediate(more)
    }
    more()
  })
  await assert.rejects(NbdClient.connect({ path: endless }, CONTEXTS), isOurs)
  const long = await serveScript(t, (socket) => {
    const head = optionReply(8, 1).subarray(0, 16)
    socket.write(Buffer.concat([GREETING, head, uint(4, 0xffffffff)]))
  })
  await assert.rejects(NbdClient.connect({ path: long }, CONTEXTS), { code: 'protocol-violation' })
})

void test('a server that falls silent is left', async (t) => {
  const silent = await serveScript(t, () => {})
  await assert.rejects(NbdClient.connect({ path: silent }, { stallMs: 50 }), { code: 'stalled' })
  const path = await serveScript(t, (socket) => {
    socket.write(HANDSHAKE)
  })
  const client = await connected(t, path, { ...CONTEXTS, stallMs: 200 })
  await assert.rejects(client.read(0, Buffer.alloc(512)), { code: 'stalled' })
})

const data = (offset: number, bytes: number) =>
  Buffer.concat([uint(8, offset), Buffer.alloc(bytes, 7)])
const hole = (offset: number, bytes: number) => Buffer.concat([uint(8, offset), uint(4, bytes)])

/** Answers to a read of 4,096 bytes at 8,192 that must end the connection. */
const BAD_ANSWERS: Record<string, (cookie: number) => Buffer> = {
  'data before the range': (cookie) => reply(cookie, DATA, data(8191, 4096)),
  'data past the range': (cookie) => reply(cookie, DATA, data(8192, 4097)),
  'data far away': (cookie) => reply(cookie, DATA, Buffer.concat([uint(8, 2n ** 63n), uint(8, 1)])),
  'a hole past the range': (cookie) => reply(cookie, HOLE, hole(8192, 2 ** 31)),
  'too little data': (cookie) => reply(cookie, DATA, data(8192, 4095)),
  'no data at all': (cookie) => reply(cookie, 0, Buffer.alloc(0)),
  'the same data twice': (cookie) =>
    Buffer.concat([
      reply(cookie, DATA, data(8192, 2048), 0),
      reply(cookie, DATA, data(9192, 2048)),
    ]),
  'data of no bytes': (cookie) => reply(cookie, DATA, uint(8, 8192)),
  'a reply to nothing': (cookie) => reply(cookie + 1, DATA, data(8192, 4096)),
  'a simple reply': (cookie) =>
    Buffer.concat([uint(4, 0x67446698), uint(4, 0), uint(8, cookie), Buffer.alloc(4096)]),
  'a reply of no known type': (cookie) => reply(cookie, 77, Buffer.alloc(4)),
  'a status that was not asked for': (cookie) => reply(cookie, BLOCK_STATUS, Buffer.alloc(12)),
  'an error without a code': (cookie) => reply(cookie, 0x8001, Buffer.alloc(2)),
  'no reply at all': () => Buffer.alloc(20, 0x41),
}

for (const [name, answer] of Object.entries(BAD_ANSWERS))
  void test(`${name} ends the connection, and leaves other memory alone`, async (t) => {
    const client = await against(t, answer)
    const memory = Buffer.alloc(3 * 4096, 0xee)
    const read = client.read(8192, memory.subarray(4096, 8192))
    await assert.rejects(read, { code: 'protocol-violation' })
    assert.ok(memory.subarray(0, 4096).equals(Buffer.alloc(4096, 0xee)))
    assert.ok(memory.subarray(8192).equals(Buffer.alloc(4096, 0xee)))
    await assert.rejects(client.read(0, Buffer.alloc(1)), { code: 'protocol-violation' })
  })

void test('statuses: without length, of the wrong context, not of whole extents', async (t) => {
  const bodies = [
    Buffer.concat([uint(4, 9), uint(8, 0)]),
    Buffer.concat([uint(4, 8), uint(4, 512), uint(4, 0)]),
    Buffer.concat([uint(4, 9), uint(4, 512), uint(4, 0), uint(4, 0)]),
    uint(4, 9),
  ]
  for (const body of bodies) {
    const client = await against(t, (cookie) => reply(cookie, BLOCK_STATUS, body))
    const range = { offset: 0, length: 4096 }
    await assert.rejects(client.blockStatus('base:allocation', range), {
      code: 'protocol-violation',
    })
  }
})

void test('statuses shorter or longer than asked are taken up and cut', async (t) => {
  const client = await against(t, (cookie, offset, length) => {
    const flags = (offset / 65_536) % 2
    const extent = offset + 65_536 >= 2 ** 20 ? length + 9999 : 65_536
    return reply(cookie, BLOCK_STATUS, Buffer.concat([uint(4, 9), uint(4, extent), uint(4, flags)]))
  })
  let at = 0
  for await (const extent of client.statuses('base:allocation')) {
    assert.deepEqual(extent, { offset: at, length: 65_536, flags: (at / 65_536) % 2 })
    at += extent.length
  }
  assert.equal(at, 2 ** 20)
})

void test('replies in pieces, in any order, with holes and errors between', async (t) => {
  const waiting: Buffer[] = []
  const path = await serveScript(t, (socket) => {
    socket.write(HANDSHAKE)
    onRequests(socket, ({ cookie, offset }) => {
      const message = Buffer.concat([uint(4, 5), uint(2, 3), Buffer.from('bad')])
      const parts = [reply(cookie, DATA, data(offset + 100, 412), 0)]
      if (offset === 512) parts.push(reply(cookie, 0x8001, message))
      else parts.push(reply(cookie, HOLE, hole(offset, 100)))
      waiting.unshift(Buffer.concat(parts))
      if (waiting.length === 3)
        for (const byte of Buffer.concat(waiting)) socket.write(Uint8Array.of(byte))
    })
  })
  const client = await connected(t, path, CONTEXTS)
  const into = [0, 1, 2].map(() => Buffer.alloc(512, 0xee))
  const reads = into.map((buffer, index) => client.read(index * 512, buffer))
  const outcomes = await Promise.allSettled(reads)
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  const expected = Buffer.concat([Buffer.alloc(100), Buffer.alloc(412, 7)])
  assert.ok(into[0]?.equals(expected) && into[2]?.equals(expected))
})

void test('over TCP it is the same', async (t) => {
  const server = createServer((socket) => {
    socket.write(HANDSHAKE)
    onRequests(socket, ({ cookie, offset, length }) => {
      socket.write(reply(cookie, DATA, data(offset, length)))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const client = await NbdClient.connect({ host: '127.0.0.1', port }, CONTEXTS)
  t.after(() => client.close())
  const into = Buffer.alloc(300_000)
  await client.read(512, into)
  assert.ok(into.equals(Buffer.alloc(300_000, 7)))
})

void test('after an abort nothing more is written to the buffer, and the connection goes on', async (t) => {
  let finish = () => {}
  const halfway = Promise.withResolvers<void>()
  const path = await serveScript(t, (socket) => {
    socket.write(HANDSHAKE)
    onRequests(socket, ({ cookie, offset, length }) => {
      const whole = reply(cookie, DATA, data(offset, length))
      if (offset > 0) {
        socket.write(whole)
        return
      }
      socket.write(whole.subarray(0, 1000))
      finish = () => socket.write(whole.subarray(1000))
      halfway.resolve()
    })
  })
  const client = await connected(t, path, CONTEXTS)
  const abort = new AbortController()
  const into = Buffer.alloc(4096, 0xee)
  const read = client.read(0, into, abort.signal)
  await halfway.promise
  abort.abort(new Error('enough'))
  await assert.rejects(read, /enough/)
  into.fill(0xcc)
  finish()
  const other = Buffer.alloc(512)
  await client.read(4096, other)
  assert.ok(other.equals(Buffer.alloc(512, 7)))
  assert.ok(into.equals(Buffer.alloc(4096, 0xcc)))
})
