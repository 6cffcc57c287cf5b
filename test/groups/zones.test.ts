import assert from 'node:assert/strict'
import test from 'node:test'
import { parsePointTimes, lastPointDue, pointsDue } from '../../core/model/schedule/point-times.ts'
import { lastSyncDue, SYNC_MINUTES, syncsDue } from '../../core/model/schedule/sync-times.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, offsetAt, wallOf } from '../../core/model/schedule/zone.ts'

const FROM = Date.UTC(2026, 0, 1)
const YEARS = 10

/** Moments at which a zone's clocks change within ten years, to the minute. */
function changesOf(zone: string): number[] {
  const changes: number[] = []
  const end = Date.UTC(2026 + YEARS, 0, 1)
  const step = 20 * DAY_MS
  for (let at = FROM; at < end; at += step)
    if (offsetAt(zone, at) !== offsetAt(zone, at + step)) changes.push(bisect(zone, at, at + step))
  return changes
}

function bisect(zone: string, low: number, high: number): number {
  const before = offsetAt(zone, low)
  while (high - low > MINUTE_MS) {
    const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS
    if (offsetAt(zone, middle) === before) low = middle
    else high = middle
  }
  return high
}

// Half hours: those at which clocks are changed somewhere, and one of the day.
const TIMES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 24, 44, 45, 46, 47].map((half) => half * 30)

test('every time of day is due once a day, over every change of every zone in ten years', () => {
  let changes = 0
  for (const zone of Intl.supportedValuesOf('timeZone'))
    for (const change of changesOf(zone)) {
      changes++
      const moved = Math.abs(offsetAt(zone, change) - offsetAt(zone, change - HOUR_MS))
      for (const minute of TIMES) {
        const text = `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`
        const from = change - 60 * HOUR_MS
        const due = pointsDue(parsePointTimes(text), zone, from, from + 120 * HOUR_MS)
        assert.ok(due.length >= 4 && due.length <= 6, `${zone} ${text} ${due.length}`)
        for (const [n, at] of due.entries()) {
          const apart = n === 0 ? DAY_MS : at - due[n - 1]!
          const why = () => `${zone} ${text} ${new Date(at).toISOString()}`
          assert.ok(Math.abs(apart - DAY_MS) <= moved, why())
          // The wall clock shows it, or what follows the gap that it fell into.
          const late = (((wallOf(zone, at) - minute * MINUTE_MS) % DAY_MS) + DAY_MS) % DAY_MS
          assert.ok(late === 0 || (late <= moved && Math.abs(at - change) <= moved), why())
        }
      }
    }
  assert.ok(changes > 1000, `${changes} changes`)
})

test('a time that the clocks skip is due as much later, one shown twice the first time', () => {
  const cases: [string, string, string, string[]][] = [
    // Berlin skips 02:00-03:00 on 2027-03-28, and shows 02:00-03:00 twice on 2027-10-31.
    ['Europe/Berlin', '02:30', '2027-03-28', ['2027-03-28T01:30:00.000Z']],
    ['Europe/Berlin', '02:30', '2027-10-31', ['2027-10-31T00:30:00.000Z']],
    // Both become the same moment: one point.
    ['Europe/Berlin', '02:30,03:30', '2027-03-28', ['2027-03-28T01:30:00.000Z']],
    // Lord Howe moves by half an hour.
    ['Australia/Lord_Howe', '02:15', '2027-10-03', ['2027-10-02T15:45:00.000Z']],
    // Saint John's, half an hour off; Cairo skips midnight itself.
    ['Africa/Cairo', '00:15', '2027-04-30', ['2027-04-29T22:15:00.000Z']],
    // Cron patterns: the end of the gap, and the first time.
    ['Europe/Berlin', '30 2 * * *', '2027-03-28', ['2027-03-28T01:00:00.000Z']],
    ['Europe/Berlin', '30 2 * * *', '2027-10-31', ['2027-10-31T00:30:00.000Z']],
  ]
  for (const [zone, text, day, expected] of cases) {
    const noon = Date.parse(`${day}T12:00:00Z`)
    const due = pointsDue(parsePointTimes(text), zone, noon - 30 * HOUR_MS, noon + 10 * HOUR_MS)
    const onDay = due.filter((at) => new Date(wallOf(zone, at)).toISOString().startsWith(day))
    assert.deepEqual(
      onDay.map((at) => new Date(at).toISOString()),
      expected,
      `${zone} ${text} ${day}`,
    )
  }
})

test('a day that a zone left out has no time of its own, and weekdays go on', () => {
  // Samoa had no 2011-12-30, a Friday.
  const due = pointsDue(
    parsePointTimes('12:00 thu-sat'),
    'Pacific/Apia',
    Date.UTC(2011, 11, 28),
    Date.UTC(2012, 0, 2),
  )
  assert.deepEqual(
    due.map((at) => new Date(at).toISOString()),
    ['2011-12-29T22:00:00.000Z', '2011-12-30T22:00:00.000Z'],
  )
})

test('synchronizations keep their distance through days of 23 and 25 hours', () => {
  for (const minutes of SYNC_MINUTES)
    for (const change of [Date.UTC(2027, 2, 28, 1), Date.UTC(2027, 9, 31, 1)]) {
      const due = syncsDue(minutes, 'Europe/Berlin', change - 2 * DAY_MS, change + 2 * DAY_MS)
      for (const [i, at] of due.entries()) {
        if (i === 0) continue
        const distance = (at - due[i - 1]!) / MINUTE_MS
        const isMidnight = new Date(wallOf('Europe/Berlin', at)).toISOString().includes('T00:00')
        assert.ok(distance === minutes || isMidnight, `${minutes} ${new Date(at).toISOString()}`)
        assert.ok(distance <= minutes + 60)
      }
    }
})

test('the last due time is that of the whole list, whatever the range', () => {
  const zone = 'America/New_York'
  const texts = ['08:00,12:00 mon-fri', '03:15 sun', '*/20 * * * *', '0 0 1 * *']
  for (const text of texts)
    for (const hours of [1, 5, 26, 24 * 15]) {
      const upTo = Date.UTC(2027, 2, 17, 9, 7)
      const after = upTo - hours * HOUR_MS
      const times = parsePointTimes(text)
      assert.equal(
        lastPointDue(times, zone, after, upTo),
        pointsDue(times, zone, after, upTo).at(-1),
        `${text} ${hours}`,
      )
    }
  const now = Date.UTC(2027, 2, 17, 9, 7)
  assert.equal(lastSyncDue(15, zone, now - 30 * DAY_MS, now), Date.UTC(2027, 2, 17, 9, 0))
})
