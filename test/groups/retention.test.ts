import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import fc from 'fast-check'
import { decideRetention, type RetainedPoint } from '../../core/model/retention/policy.ts'
import { KEEP_WORDS, parseKeepRules } from '../../core/model/retention/rules.ts'
import { parsePointTimes, pointsDue } from '../../core/model/schedule/point-times.ts'
import { DAY_MS, HOUR_MS } from '../../core/model/schedule/zone.ts'
import { simulateRetention } from '../../server/flows/groups/simulate.ts'
import { referenceRetention } from './reference-retention.ts'

const NOW = Date.UTC(2027, 10, 3, 9, 41)
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe']

function point(
  sequence: number,
  createdAt: number,
  more: Partial<RetainedPoint> = {},
): RetainedPoint {
  return {
    ...{ id: `p${sequence}`, sequence, createdAt, state: 'ready', protected: false },
    ...{ label: null, expiresAt: null, lockedUntil: null },
    ...more,
  }
}

const anyPoints = fc
  .array(
    fc.record({
      ageMs: fc.integer({ min: 0, max: 800 * DAY_MS }),
      state: fc.constantFrom('ready', 'ready', 'ready', 'partial', 'suspect', 'damaged'),
      protected: fc.boolean().map((yes) => yes && false),
      label: fc.constantFrom(null, null, null, 'x'),
      expires: fc.constantFrom(null, null, null, -1, 1),
      locked: fc.constantFrom(null, null, null, -1, 1),
      isProtected: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { maxLength: 60 },
  )
  .map((drawn) =>
    drawn
      .sort((a, b) => b.ageMs - a.ageMs)
      .map(({ ageMs, state, label, expires, locked, isProtected }, i) =>
        point(i + 1, NOW - ageMs, {
          ...{ state, label, protected: isProtected },
          expiresAt: expires === null ? null : NOW + expires * HOUR_MS,
          lockedUntil: locked === null ? null : NOW + locked * HOUR_MS,
        }),
      ),
  )

const anyRules = fc.record({
  retainDays: fc.integer({ min: 1, max: 40 }),
  keep: fc.record(
    Object.fromEntries(KEEP_WORDS.map((word) => [word, fc.integer({ min: 0, max: 8 })])),
    { requiredKeys: [] },
  ),
})

const anyBad = fc.array(
  fc
    .record({
      ageMs: fc.integer({ min: 0, max: 60 * DAY_MS }),
      lengthMs: fc.integer({ min: 0, max: 9 * DAY_MS }),
      lasts: fc.boolean(),
    })
    .map(({ ageMs, lengthMs, lasts }) => ({
      from: NOW - ageMs,
      until: lasts ? null : Math.min(NOW, NOW - ageMs + lengthMs),
    })),
  { maxLength: 3 },
)

test('retention decides as a plain reference does', () => {
  fc.assert(
    fc.property(
      anyPoints,
      fc.option(anyRules),
      anyBad,
      fc.constantFrom(...ZONES),
      (points, rules, bad, timeZone) => {
        const settings = { rules, timeZone }
        const decided = decideRetention(points, settings, bad, NOW)
        const kept = decided.filter(({ keep }) => keep).map(({ id }) => id)
        assert.deepEqual(kept.sort(), [...referenceRetention(points, settings, bad, NOW)].sort())
        assert.equal(decided.length, points.length)
      },
    ),
    { numRuns: 80 },
  )
})

test('the last good point stays, whatever the rules, the clock and the order of times', () => {
  fc.assert(
    fc.property(anyPoints, anyRules, fc.integer({ min: 0, max: 5000 }), (points, rules, years) => {
      fc.pre(points.some(({ state }) => state === 'ready'))
      const now = NOW + years * DAY_MS
      const kept = decideRetention(points, { rules, timeZone: 'UTC' }, [], now)
      const lastReady = [...points].reverse().find(({ state }) => state === 'ready')
      assert.ok(kept.find(({ id }) => id === lastReady?.id)?.keep)
    }),
    { numRuns: 100 },
  )
})

test('a simulated year is what points made and let go day by day would be', () => {
  fc.assert(
    fc.property(anyRules, fc.constantFrom(...ZONES), (rules, timeZone) => {
      const zone = { points: '07:30,19:30', timeZone, offsetMinutes: 0 }
      const days = 60
      const start = NOW - days * DAY_MS
      let there: RetainedPoint[] = []
      let sequence = 0
      for (let day = 0; day < days; day++) {
        const now = start + (day + 1) * DAY_MS
        for (const createdAt of pointsDue(
          parsePointTimes(zone.points),
          timeZone,
          now - DAY_MS,
          now,
        ))
          there.push(point(++sequence, createdAt))
        const kept = decideRetention(there, { rules, timeZone }, [], now)
        const ids = new Set(kept.filter(({ keep }) => keep).map(({ id }) => id))
        there = there.filter(({ id }) => ids.has(id))
      }
      const once = simulateRetention({ ...zone, ...rules }, days, NOW)
      assert.deepEqual(
        there.map(({ createdAt }) => createdAt),
        once
          .filter(({ keep }) => keep)
          .map(({ createdAt }) => createdAt)
          .reverse(),
      )
    }),
    { numRuns: 12 },
  )
})

interface Golden {
  readonly name: string
  readonly retainDays: number
  readonly keep: string
  readonly timeZone: string
  readonly now: string
  readonly bad?: readonly { from: string; until: string | null }[]
  /** Time, what stays it or lets it go, and what is special of it. */
  readonly points: readonly [time: string, reason: string, special?: Partial<RetainedPoint>][]
}

test('golden cases', async () => {
  const text = await readFile(new URL('./retention-cases.json', import.meta.url), 'utf8')
  for (const golden of JSON.parse(text) as Golden[]) {
    const { retainDays, timeZone, now } = golden
    const points = golden.points.map(([time, , special], i) =>
      point(i + 1, Date.parse(time), special),
    )
    const rules = { retainDays, keep: parseKeepRules(golden.keep) }
    const bad = (golden.bad ?? []).map(({ from, until }) => ({
      from: Date.parse(from),
      until: until === null ? null : Date.parse(until),
    }))
    const decided = decideRetention(points, { rules, timeZone }, bad, Date.parse(now))
    const reasons = new Map(decided.map(({ id, reason }) => [id, reason]))
    assert.deepEqual(
      points.map(({ id }, i) => [golden.points[i]?.[0], reasons.get(id)]),
      golden.points.map(([time, reason]) => [time, reason]),
      golden.name,
    )
  }
})
