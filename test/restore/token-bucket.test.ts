import assert from 'node:assert/strict'
import test from 'node:test'
import type { Clock } from '../../core/runtime/clock.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'

/** Time that passes only by sleeping. */
class PlannedClock implements Clock {
  time = 0
  now = () => this.time
  monotonic = () => this.time
  onSleep: () => void = () => {}

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.time += ms
    this.onSleep()
    return Promise.resolve()
  }
}

test('without a limit nobody waits', async () => {
  const clock = new PlannedClock()
  const bucket = new TokenBucket(clock, 0)
  await bucket.take(2 ** 40)
  assert.equal(clock.time, 0)
})

test('bytes take their time at the rate, however large a request is', async () => {
  const clock = new PlannedClock()
  const bucket = new TokenBucket(clock, 1000)
  for (const bytes of [10, 990, 5000]) await bucket.take(bytes)
  assert.equal(Math.round(clock.time), 6000)
})

test('a pause saves up one second and no more', async () => {
  const clock = new PlannedClock()
  const bucket = new TokenBucket(clock, 1000)
  clock.time = 60_000
  await bucket.take(1000)
  assert.equal(clock.time, 60_000)
  await bucket.take(500)
  assert.equal(Math.round(clock.time), 60_500)
})

test('a new rate acts on who waits already; taking the limit away ends the wait', async () => {
  const clock = new PlannedClock()
  const bucket = new TokenBucket(clock, 100)
  clock.onSleep = () => {
    if (clock.time === 1000) bucket.setRate(10_000)
  }
  await bucket.take(1100)
  assert.ok(clock.time > 1000 && clock.time <= 1500, String(clock.time))
  clock.onSleep = () => bucket.setRate(0)
  await bucket.take(2 ** 40)
  assert.ok(clock.time <= 2500)
})

test('a cancelled job does not wait to the end', async () => {
  const clock = new PlannedClock()
  const stop = new AbortController()
  clock.onSleep = () => stop.abort(new Error('stop'))
  await assert.rejects(new TokenBucket(clock, 1).take(1000, stop.signal), { message: 'stop' })
})
