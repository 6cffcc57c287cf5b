import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { FRAME_PREFIX_BYTES, type PushFrameOut } from '../../core/wire/frame.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { codeOf } from '../support/rpc.ts'
import { slowProxy } from '../support/slow-proxy.ts'
import { wireServer } from '../support/wire-server.ts'

const MIB = 1024 * 1024

/** Differs at every index and in every frame. */
function fill(buffer: Buffer, frame: number): void {
  for (let at = FRAME_PREFIX_BYTES; at + 4 <= buffer.length; at += 4)
    buffer.writeUInt32LE((at * 2_654_435_761 + frame * 40_503) >>> 0, at)
}

/** One buffer for all frames: what is sent is wrong if anybody looks at it later than promised. */
async function* frames(count: number, bytes: number, sent?: (frame: number) => void) {
  const records = Buffer.alloc(FRAME_PREFIX_BYTES + bytes)
  for (let frame = 0; frame < count; frame++) {
    fill(records, frame)
    yield { records }
    sent?.(frame)
  }
}

/** The same as a whole upload. */
async function* upload(count: number, bytes: number, sent?: (frame: number) => void) {
  yield* frames(count, bytes, sent)
  yield { end: {} }
}

function digestOf(count: number, bytes: number): string {
  const hash = createHash('sha256')
  const records = Buffer.alloc(FRAME_PREFIX_BYTES + bytes)
  for (let frame = 0; frame < count; frame++) {
    fill(records, frame)
    hash.update(records.subarray(FRAME_PREFIX_BYTES))
  }
  return hash.digest('hex')
}

test('frames of 1 MiB arrive equal, both ways, from one buffer that is used again', async (t) => {
  const COUNT = 24
  const hash = createHash('sha256')
  const server = await wireServer(t, {
    async push(incoming) {
      for await (const frame of incoming) {
        if (!('records' in frame)) continue
        assert.equal(
          frame.records.byteOffset + frame.records.length,
          frame.records.buffer.byteLength,
        )
        hash.update(frame.records)
      }
      return { committed: true, records: COUNT }
    },
    pull: () => frames(COUNT, MIB),
  })
  const link = server.link()
  const receipt = await link.push(upload(COUNT, MIB))
  assert.equal(receipt.records, COUNT)
  assert.equal(hash.digest('hex'), digestOf(COUNT, MIB))

  const pulled = createHash('sha256')
  for await (const frame of link.pull({})) if ('records' in frame) pulled.update(frame.records)
  assert.equal(pulled.digest('hex'), digestOf(COUNT, MIB))
})

test('a slow reader holds the sender back', async (t) => {
  const go = Promise.withResolvers<void>()
  const server = await wireServer(t, {
    async push(incoming) {
      let count = 0
      for await (const frame of incoming) {
        if ('records' in frame && ++count === 1) await go.promise
      }
      return { records: count }
    },
  })
  let sent = 0
  const push = server.link().push(upload(100, MIB, () => sent++))
  let before = -1
  while (sent === 0 || sent !== before) {
    before = sent
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  // The window of 8 MiB, the two frames in the queue, and what sockets hold.
  assert.ok(sent < 30, `${sent} frames were taken from the sender`)
  go.resolve()
  assert.equal((await push).records, 100)
})

test('uploads at once divide what may wait for a slow reader, and all come to their end', async (t) => {
  const go = Promise.withResolvers<void>()
  const server = await wireServer(t, {
    async push(incoming) {
      let count = 0
      for await (const frame of incoming) if ('records' in frame && ++count === 1) await go.promise
      return { records: count }
    },
  })
  const UPLOADS = 16
  let sent = 0
  const pushes = Array.from({ length: UPLOADS }, () =>
    server.link().push(upload(16, MIB, () => sent++)),
  )
  let before = -1
  while (sent < UPLOADS || sent !== before) {
    before = sent
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  assert.ok(sent < UPLOADS * 6, `${sent} frames of 1 MiB were taken from the senders`)
  go.resolve()
  for (const push of pushes) assert.equal((await push).records, 16)
})

test('a slow consumer of a download holds the server back', async (t) => {
  let sent = 0
  const server = await wireServer(t, { pull: () => frames(100, MIB, () => sent++) })
  let count = 0
  for await (const frame of server.link().pull({})) {
    assert.ok(frame)
    if (++count > 1) continue
    let before = -1
    while (sent !== before) {
      before = sent
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    assert.ok(sent < 30, `${sent} frames were taken from the server`)
  }
  assert.equal(count, 100)
})

test('at a round trip of 40 ms an upload fills the wide window', async (t) => {
  const server = await wireServer(t, {
    async push(incoming) {
      let count = 0
      for await (const frame of incoming) if ('records' in frame) count++
      return { records: count }
    },
    pull: () => frames(24, MIB),
  })
  const proxy = await slowProxy(t, server.address, 20)
  const link = server.link(proxy.address)
  assert.equal((await link.push(upload(24, MIB))).records, 24)
  // With the window that gRPC's server has by itself it would be 64 KiB.
  assert.ok(proxy.mostInFlight() > MIB, `${proxy.mostInFlight()} bytes were under way at most`)
})

test('the sender learns at once that the server gave up, and stops its source', async (t) => {
  const server = await wireServer(t, {
    async push(incoming) {
      for await (const frame of incoming)
        if (frame)
          throw new HoldfastError('store-full', 'the store is full', { hint: 'add a volume' })
      return {}
    },
  })
  let closed = false
  async function* source(): AsyncGenerator<PushFrameOut> {
    try {
      yield* frames(1_000, MIB)
    } finally {
      closed = true
    }
  }
  const push = server.link().push(source())
  const error = await push.then(
    () => undefined,
    (reason: unknown) => reason as HoldfastError,
  )
  assert.equal(error?.code, 'store-full')
  assert.equal(error.hint, 'add a volume')
  assert.equal(closed, true)
})

test('a source that fails ends the call with its own error', async (t) => {
  let serverSaw: unknown
  const entered = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const server = await wireServer(t, {
    async push(incoming) {
      try {
        for await (const frame of incoming) if (frame) entered.resolve()
      } catch (error) {
        serverSaw = error
        over.resolve()
        throw error
      }
      return { committed: true }
    },
  })
  async function* source(): AsyncGenerator<PushFrameOut> {
    yield* frames(3, 1000)
    await entered.promise
    throw new HoldfastError('source-unreadable', 'sector 17')
  }
  assert.equal(await codeOf(server.link().push(source())), 'source-unreadable')
  await over.promise
  assert.equal((serverSaw as HoldfastError).code, 'job-interrupted')
})

test('an aborted signal ends either way with its own reason', async (t) => {
  const server = await wireServer(t, {
    async push(incoming) {
      for await (const frame of incoming) assert.ok(frame)
      return {}
    },
    async *pull() {
      yield* frames(1, 1000)
      await new Promise(() => {})
    },
  })
  const cancel = new AbortController()
  const reason = new HoldfastError('job-cancelled', 'somebody said so')
  async function* hanging(): AsyncGenerator<PushFrameOut> {
    yield* frames(1, 1000)
    await new Promise(() => {})
  }
  const push = codeOf(server.link().push(hanging(), cancel.signal))
  const pull = codeOf(
    (async () => {
      for await (const frame of server.link().pull({}, cancel.signal))
        if (frame) setTimeout(() => cancel.abort(reason), 50)
    })(),
  )
  assert.deepEqual(await Promise.all([push, pull]), ['job-cancelled', 'job-cancelled'])
})

test('leaving a download early cancels it at the server', async (t) => {
  const closed = Promise.withResolvers<void>()
  const server = await wireServer(t, {
    async *pull() {
      try {
        yield* frames(1_000_000, 1000)
      } finally {
        closed.resolve()
      }
    },
  })
  for await (const frame of server.link().pull({})) {
    assert.ok(frame)
    break
  }
  await closed.promise
  while (server.calls.owners.length > 0) await new Promise((resolve) => setTimeout(resolve, 10))
})
