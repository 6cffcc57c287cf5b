import assert from 'node:assert/strict'
import test from 'node:test'
import { systemClock, type Clock } from '../../core/runtime/clock.ts'
import { GroupRates, recoveryRate } from '../../server/jobs/group-rates.ts'
import { startService } from '../operator/service.ts'

const MIB = 1024 ** 2
const NINE = Date.parse('2027-03-01T08:00Z') // a Monday; 09:00 in Berlin
const request = {
  bytesPerSecond: 50 * MIB,
  rateHours: [`08:00-18:00 mon-fri=${10 * MIB}`],
  timeZone: 'Europe/Berlin',
}

test('a recovery is limited by the hour of its zone', () => {
  assert.equal(recoveryRate(request, NINE), 10 * MIB)
  assert.equal(recoveryRate(request, NINE - 3_600_001), 50 * MIB)
  assert.equal(recoveryRate({ bytesPerSecond: 7 }, NINE), 7)
})

test('one that runs is told when the hour changes its limit', async (t) => {
  const { database, rows } = await startService(t)
  const host = await rows.host('alpha')
  const limited = await rows.job({ kind: 'recovery', state: 'running', host })
  const plain = await rows.job({ kind: 'item-recovery', state: 'running', host })
  await database.query(`UPDATE job SET request = $2 WHERE id = $1`, [
    limited,
    JSON.stringify(request),
  ])
  let now = NINE
  const clock: Clock = { ...systemClock, now: () => now, monotonic: () => now }
  const told: unknown[] = []
  const agents = { online: () => true, send: (_: string, work: unknown) => told.push(work) > 0 }
  const rates = new GroupRates(database, agents, clock)
  rates.began(limited, 10 * MIB)
  rates.began(plain, 0)
  await rates.look([limited, plain])
  assert.deepEqual(told, [])
  now += 9 * 3_600_000
  await rates.look([limited, plain])
  assert.deepEqual(told, [{ throttle: { job: limited, bytesPerSecond: 50 * MIB } }])
})
