import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openInspectPool } from '../../core/chunk/inspect-pool.ts'
import { encodePlace } from '../../core/chunk/record.ts'
import { inspectedSteps } from '../../server/flows/ingest/inspected-steps.ts'
import type { PushStep } from '../../server/flows/ingest/steps.ts'
import { pattern, record } from '../chunk/records.ts'

const FRAMES = 40

/** An upload that is stored slowly; `mostAhead` is how many of its frames were taken and not stored. */
class Upload {
  readonly #steps: AsyncIterator<unknown[]>
  #taken = 0
  #stored = 0
  mostAhead = 0

  constructor(pool: ReturnType<typeof openInspectPool>) {
    this.#steps = inspectedSteps(this.#frames(), pool)[Symbol.asyncIterator]()
  }

  async *#frames(): AsyncGenerator<PushStep> {
    for (let i = 0; i < FRAMES; i++) {
      this.#taken++
      this.mostAhead = Math.max(this.mostAhead, this.#taken - this.#stored)
      yield { records: Buffer.from(record(encodePlace(0, i), pattern(i, 4096))) }
    }
  }

  async store(): Promise<boolean> {
    const next = await this.#steps.next()
    await turn()
    if (next.done) return false
    this.#stored += next.value.length
    return true
  }

  async stop(): Promise<void> {
    await this.#steps.return?.()
  }

  get isWhole(): boolean {
    return this.#stored === FRAMES
  }
}

test('uploads at once divide what may wait in memory, and one alone has all of it again', async (t) => {
  const workers = openChunkWorkers()
  t.after(() => workers.close())
  const pool = openInspectPool(workers)
  const many = Array.from({ length: 12 }, () => new Upload(pool))
  for (const upload of many) await upload.store()
  for (const upload of many) upload.mostAhead = 0
  await many[0]!.stop()
  for (const upload of many.slice(1)) {
    while (await upload.store());
    assert.ok(upload.isWhole)
  }
  // Those that came first may have had more, while they were fewer.
  assert.ok(many.slice(1, 4).every(({ mostAhead }) => mostAhead <= 3))
  const alone = new Upload(pool)
  while (await alone.store());
  assert.ok(alone.isWhole)
  assert.ok(alone.mostAhead > 3 && alone.mostAhead <= 9, `${alone.mostAhead}`)
})
