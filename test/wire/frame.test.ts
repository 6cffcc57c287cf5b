import assert from 'node:assert/strict'
import test from 'node:test'
import { FRAME_PREFIX_BYTES, type PushFrameOut } from '../../core/wire/frame.ts'
import { agentService } from '../../core/wire/agent-service.ts'

const { requestSerialize: serialize, requestDeserialize: deserialize } = agentService.Push

/** As gRPC gives messages: a view after its own five bytes, over memory of exactly that size. */
function received(bytes: Buffer): Buffer {
  const message = Buffer.from(new ArrayBuffer(bytes.length + 5), 5)
  bytes.copy(message)
  return message
}

function recordsFrame(length: number): Buffer {
  const buffer = Buffer.alloc(FRAME_PREFIX_BYTES + length)
  for (let at = 0; at < length; at++) buffer[FRAME_PREFIX_BYTES + at] = (at * 7 + (at >>> 8)) & 0xff
  return buffer
}

test('records of any length go out and come in without a copy', () => {
  for (const length of [0, 1, 127, 128, 16_383, 16_384, 1_048_576, 2_097_153]) {
    const records = recordsFrame(length)
    const sent = serialize({ records })
    assert.equal(sent.buffer, records.buffer)
    const message = received(sent)
    const frame = deserialize(message)
    assert.ok('records' in frame)
    assert.equal(frame.records.buffer, message.buffer)
    assert.ok(frame.records.equals(records.subarray(FRAME_PREFIX_BYTES)), `${length} bytes`)
  }
})

test('what is written by hand is what protobuf reads, and the other way round', () => {
  const { requestType } = generatedPush()
  for (const length of [1, 300, 70_000]) {
    const records = recordsFrame(length)
    const plain = Buffer.from(records.subarray(FRAME_PREFIX_BYTES))
    const read = requestType.deserialize(serialize({ records })) as unknown as { records: Buffer }
    assert.ok(read.records.equals(plain))
    const frame = deserialize(received(requestType.serialize({ records: plain })))
    assert.ok('records' in frame && frame.records.equals(plain))
  }
})

test('small messages from a pool become memory of their own', () => {
  const records = recordsFrame(100)
  const pool = Buffer.alloc(8192)
  serialize({ records }).copy(pool, 1000)
  const frame = deserialize(pool.subarray(1000, 1000 + records.length))
  assert.ok('records' in frame)
  assert.equal(frame.records.buffer.byteLength, 100)
  assert.ok(frame.records.equals(records.subarray(FRAME_PREFIX_BYTES)))
})

test('every other frame arrives as its one member', () => {
  const frames: PushFrameOut[] = [
    { open: { job: 'job-1', epoch: 3, transfer: 'transfer-1' } },
    { runs: { ordinal: 2, runs: [{ kind: 'BASE', start: 1024, count: 7 }] } },
    { end: { consistency: 'cold', seal: true } },
  ]
  for (const frame of frames) {
    const read = deserialize(received(serialize(frame)))
    assert.deepEqual(Object.keys(read), Object.keys(frame))
  }
  const runs = deserialize(received(serialize(frames[1] as PushFrameOut)))
  assert.deepEqual(runs, {
    runs: { ordinal: 2, runs: [{ kind: 'BASE', start: 1024, count: 7 }] },
  })
})

test('damaged prefixes, unknown members and oversized frames are errors', () => {
  const good = received(serialize({ records: recordsFrame(1000) }))
  for (const at of [1, 2, 3, 4]) {
    const bad = received(good)
    bad[at] = (bad[at] ?? 0) ^ 0x05
    assert.throws(() => deserialize(bad), `length byte ${at}`)
  }
  assert.throws(() => deserialize(received(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff]))))
  assert.throws(() => deserialize(received(Buffer.from([0x7a, 0x01, 0x00])))) // field 15
  assert.throws(() => deserialize(Buffer.alloc(0)))
  assert.throws(() => serialize({ records: Buffer.alloc(4) }), RangeError)
})

function generatedPush() {
  // The frame codec keeps the loader's own definition of the message beside its functions.
  return agentService.Push as unknown as Pick<typeof agentService.Plan, 'requestType'> & {
    readonly requestType: { serialize(v: object): Buffer; deserialize(b: Buffer): object }
  }
}
