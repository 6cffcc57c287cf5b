import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { RetainedPoint } from '../../core/model/retention/policy.ts'
import type { RetentionRules } from '../../core/model/retention/rules.ts'
import { openOperatorClient, type OperatorClient } from '../../core/wire/operator-client.ts'
import { readOperatorCredential } from '../../core/wire/operator-credential.ts'
import type { Choice } from '../catalog/seeded-choice.ts'
import type { PointAnswer } from '../support/answers.ts'
import { Holdfast } from '../support/holdfast.ts'
import { rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'
import { referenceRetention } from './reference-retention.ts'

export const CHUNKS = 12
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** A real server and a real agent on a calendar that the test turns, and what each disk was at each point. */
export class SimulatedTime {
  readonly scene: Scene
  readonly names: readonly string[]
  readonly #client: OperatorClient
  readonly #clockFile: string
  readonly #contents = new Map<string, Buffer>()
  readonly #made = new Map<string, PointAnswer>()
  /** When expiry looked, by the calendar; per source or for all. */
  readonly #looks: { readonly at: number; readonly source: string | undefined }[] = []

  private constructor(scene: Scene, client: OperatorClient, clockFile: string, names: string[]) {
    this.scene = scene
    this.names = names
    this.#client = client
    this.#clockFile = clockFile
  }

  static async open(t: TestContext, start: string, names: string[]): Promise<SimulatedTime> {
    const holdfast = await Holdfast.create(t)
    const clockFile = holdfast.path('clock')
    await writeFile(clockFile, String(Date.parse(start) - Date.now()))
    const serverEnv = { HOLDFAST_CLOCK_FILE: clockFile, TZ: 'UTC' }
    const scene = await Scene.over(holdfast, { serverEnv })
    for (const [i, name] of names.entries())
      await writeRawDisk(scene.image(name), { chunks: CHUNKS, tail: 513, seed: i + 1 })
    await scene.sources(...names.map((name) => `alpha/${name}`))
    const file = holdfast.path('server', 'operator.json')
    const client = openOperatorClient(await readOperatorCredential(file))
    t.after(() => client.close())
    return new SimulatedTime(scene, client, clockFile, names)
  }

  get env() {
    return { HOLDFAST_CLOCK_FILE: this.#clockFile, TZ: 'UTC' }
  }

  async setTo(at: number): Promise<void> {
    await writeFile(this.#clockFile, String(at - Date.now()))
  }

  /** Goes on to a moment; whatever is due by then has been done when it resolves. */
  async goTo(at: number): Promise<void> {
    await this.setTo(at)
    await this.settled()
    // Once more, a minute later: ends of jobs are settled, and what follows them begins.
    for (let minute = 1; minute <= 2; minute++) {
      await this.setTo(at + minute * MINUTE_MS)
      await this.settled()
    }
    await this.#note(at + 2 * MINUTE_MS)
  }

  /** No job waits or runs, for longer than the schedule takes to look. */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < 4;) {
      await wait(200)
      const jobs = await this.#ask(() => this.#client.listJobs({ limit: 50 }))
      const open = jobs.jobs.some(({ state }) => state === 'queued' || state === 'running')
      quiet = open ? 0 : quiet + 1
    }
  }

  /** A server that is killed answers again after a while. */
  async #ask<T>(run: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++)
      try {
        return await run()
      } catch (error) {
        if (tries > 100) throw error
        await wait(200)
      }
  }

  /** New points are of what the disks are now: nobody writes while jobs run. */
  async #note(at: number): Promise<void> {
    const { points } = await this.#ask(() => this.#client.listPoints({ limit: 0 }))
    for (const point of points) {
      if (this.#made.has(point.id)) continue
      this.#made.set(point.id, point)
      const name = point.source.slice('alpha/'.length)
      this.#contents.set(point.id, await readFile(this.scene.image(name)))
      this.#looks.push({ at, source: point.source })
    }
    if (at % DAY_MS < 60 * MINUTE_MS) this.#looks.push({ at, source: undefined })
  }

  async change(choice: Choice): Promise<void> {
    for (const name of this.names)
      for (let n = 1 + choice.below(3); n > 0; n--)
        await rewriteChunk(this.scene.image(name), choice.below(CHUNKS), choice.below(1e9))
  }

  get made(): number {
    return this.#made.size
  }

  /** Points that the rules say are there: all that were made, let go look by look by the reference. */
  expected(rules: RetentionRules, timeZone: string): string[] {
    const stay: string[] = []
    for (const name of this.names) {
      const source = `alpha/${name}`
      const made = [...this.#made.values()].filter((point) => point.source === source)
      let there: PointAnswer[] = []
      for (const look of this.#looks) {
        if (look.source !== undefined && look.source !== source) continue
        const known = new Set(there.map(({ id }) => id))
        there.push(...made.filter((p) => !known.has(p.id) && Date.parse(p.createdAt) <= look.at))
        const kept = referenceRetention(there.map(retained), { rules, timeZone }, [], look.at)
        for (const p of there) if (!kept.has(p.id)) made.splice(made.indexOf(p), 1)
        there = there.filter((p) => kept.has(p.id))
      }
      stay.push(...there.map(({ id }) => id))
    }
    return stay.sort()
  }

  async there(): Promise<string[]> {
    const { points } = await this.#ask(() => this.#client.listPoints({ limit: 0 }))
    return points.map(({ id }) => id).sort()
  }

  describe(ids: readonly string[]): string[] {
    const text = (id: string) => `${this.#made.get(id)?.source} ${this.#made.get(id)?.createdAt}`
    return ids.map(text).sort()
  }

  /** Every point that is there gives back what its disk was. */
  async restoreAll(): Promise<void> {
    for (const id of await this.there()) {
      const content = this.#contents.get(id)
      assert.ok(content, `${id} was seen when it was made`)
      const bytes = await readFile(await this.scene.restored(id))
      assert.ok(bytes.equals(content), `${this.describe([id]).join()} is what the disk was`)
    }
  }
}

function retained(point: PointAnswer): RetainedPoint {
  const { id, sequence, createdAt, state, label } = point
  return {
    ...{ id, sequence, state, label, protected: point.protected },
    ...{ createdAt: Date.parse(createdAt), expiresAt: null, lockedUntil: null },
  }
}
