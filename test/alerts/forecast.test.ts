import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { usedUpAt } from '../../core/model/forecast.ts'
import { missedPoints } from '../../core/model/schedule/objective.ts'

const DAY = 86_400_000

test('a straight line is foretold to the day, whatever its slope', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 30 }),
      fc.integer({ min: 1, max: 1e12 }),
      fc.integer({ min: 0, max: 1e14 }),
      fc.integer({ min: 1, max: 3000 }),
      (count, perDay, start, days) => {
        const now = 20_000 * DAY
        const samples = Array.from({ length: count }, (_, i) => ({
          at: now - (count - 1 - i) * DAY,
          usedBytes: start + i * perDay,
        }))
        const at = usedUpAt(samples, days * perDay, now)
        assert.ok(at !== undefined && Math.abs(at - now - days * DAY) < DAY / 100, String(at))
      },
    ),
  )
})

test('nothing is foretold of what shrinks, stays, or is hardly known', () => {
  const flat = Array.from({ length: 9 }, (_, i) => ({ at: i * DAY, usedBytes: 5 }))
  assert.equal(usedUpAt(flat, 100, 9 * DAY), undefined)
  const shrinking = flat.map(({ at }, i) => ({ at, usedBytes: 100 - i }))
  assert.equal(usedUpAt(shrinking, 100, 9 * DAY), undefined)
  assert.equal(usedUpAt(shrinking.slice(0, 2), 100, 2 * DAY), undefined)
  const same = [1, 2, 3].map((usedBytes) => ({ at: DAY, usedBytes }))
  assert.equal(usedUpAt(same, 100, DAY), undefined)
})

test('a point is missed two hours after its time, of the zone and with the offset of its group', () => {
  const daily = {
    points: '08:00 mon-fri',
    timeZone: 'Europe/Berlin',
    offsetMinutes: 30,
    objectiveMinutes: null,
  }
  const friday = Date.parse('2027-07-02T06:30Z')
  const since = Date.parse('2027-06-01T00:00Z')
  const HOUR = 3_600_000
  const missed = (lastPointAt: number | undefined, now: number) =>
    missedPoints(daily, { since, lastPointAt }, now)
  assert.equal(missed(friday - DAY, friday + 2 * HOUR - 1), undefined)
  assert.deepEqual(missed(friday - DAY, friday + 2 * HOUR), { dueAt: friday, twice: false })
  assert.equal(missed(friday, friday + 70 * HOUR), undefined, 'over the weekend nothing is due')
  assert.deepEqual(missed(friday - DAY, friday + 3 * DAY + 2 * HOUR), {
    dueAt: friday + 3 * DAY,
    twice: true,
  })
  const joined = { since: friday + 1, lastPointAt: undefined }
  assert.equal(missedPoints(daily, joined, friday + 2 * DAY), undefined)
  assert.equal(missedPoints({ ...daily, points: 'none' }, joined, friday + 9 * DAY), undefined)
})

test('of a group with an objective the newest point may be so old, whatever the schedule says', () => {
  const HOUR = 3_600_000
  const since = Date.parse('2027-06-01T00:00Z')
  const objective = { points: 'none', timeZone: 'UTC', offsetMinutes: 0, objectiveMinutes: 26 * 60 }
  const missed = (lastPointAt: number | undefined, now: number) =>
    missedPoints(objective, { since, lastPointAt }, now)
  const point = since + 5 * DAY
  assert.equal(missed(point, point + 26 * HOUR), undefined)
  const dueAt = point + 26 * HOUR
  assert.deepEqual(missed(point, dueAt + 1), { dueAt, twice: false })
  assert.deepEqual(missed(point, dueAt + 26 * HOUR), { dueAt, twice: false })
  const again = { dueAt: dueAt + 26 * HOUR, twice: true }
  assert.deepEqual(missed(point, dueAt + 27 * HOUR), again)
  const promised = since + 26 * HOUR
  assert.equal(missed(undefined, promised), undefined, 'nothing was promised before it joined')
  assert.equal(missed(since - 9 * DAY, promised), undefined)
  assert.deepEqual(missed(undefined, promised + 1), { dueAt: promised, twice: false })
})
