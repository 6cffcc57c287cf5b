import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { addSubscriber } from '../../server/flows/subscribers.ts'
import { doOwnWork } from '../../server/jobs/schedule/own-work.ts'
import { Notifier } from '../../server/notify/notifier.ts'
import { Planned } from '../groups/planned.ts'
import { Hooks } from './hooks.ts'
import { MailServer, partsOf, type Received } from './mail-server.ts'

test('reports go out when their time is over, to those who want them, with their tables', async (t) => {
  const planned = await Planned.create(t, '2026-01-31T12:00:00Z')
  const { database, deps, scheduleDeps } = planned
  const source = await planned.source('=evil, "web".raw')
  const error = { code: 'store-full', message: 'no room' }
  const job = await planned.rows.job({ kind: 'recovery-point', state: 'failed', source, error })
  await database.query(
    `UPDATE job SET finished_at = '2026-01-30T10:00:00Z', started_at = '2026-01-30T09:00:00Z'`,
  )
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-reports-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const [mail, hooks] = [new MailServer(t), await Hooks.start(t)]
  await mail.start()
  const mailFile = join(folder, 'mail.json')
  const settings = { host: '127.0.0.1', port: mail.port, security: 'none', from: 'hf@example.org' }
  await writeFile(mailFile, JSON.stringify(settings))
  const subscribe = (address: string, reports: readonly string[], digest = false) =>
    addSubscriber(deps, { address, reports, digest, severities: [], secret: undefined }, 'ann')
  await subscribe('weekly@example.org', ['week'])
  await subscribe('all@example.org', ['day', 'week', 'month'])
  await subscribe('alerts@example.org', [])
  await subscribe(hooks.url('ok'), ['month'])
  const notifier = new Notifier({
    ...{ database, clock: systemClock, log: silentLogger, serverId: 'server-test', mailFile },
    ...{ consoleUrl: () => null, seconds: () => 1_800_000_000 },
  })
  t.after(() => notifier.stop())
  /** Who gets what at this time of the server's clock. */
  const at = async (time: string): Promise<readonly Received[]> => {
    planned.now = Date.parse(time)
    await doOwnWork(scheduleDeps)
    const before = mail.received.length
    for (let left = true; left;) {
      await notifier.look()
      await notifier.settled()
      left = (await database.query(`SELECT 1 FROM notice WHERE ended_at IS NULL`)).length > 0
    }
    return mail.received.slice(before)
  }
  const told = (received: readonly Received[]) =>
    received
      .map(({ to, headers }) => `${to[0]} ${/^Subject: Holdfast (\w+)/m.exec(headers)?.[1]}`)
      .sort()

  assert.deepEqual(told(await at('2026-01-31T12:01:00Z')), [], 'a new server has missed nothing')
  assert.deepEqual(told(await at('2026-02-01T07:04:00Z')), [])
  const first = await at('2026-02-01T07:06:00Z')
  assert.deepEqual(told(first), ['all@example.org daily', 'all@example.org monthly'])
  assert.deepEqual(told(await at('2026-02-01T07:07:00Z')), [], 'once')
  // 2 February 2026 is a Monday.
  const second = await at('2026-02-02T09:00:00Z')
  assert.deepEqual(told(second), [
    ...['all@example.org daily', 'all@example.org weekly', 'weekly@example.org weekly'],
  ])

  const weekly = second.find(({ to }) => to[0] === 'weekly@example.org')!
  assert.match(weekly.headers, /^Subject: Holdfast weekly report: 1 failed$/m)
  const [letter, tables] = partsOf(weekly)
  assert.match(letter!.body, /From 2026-01-26T09:00:00.000Z to 2026-02-02T09:00:00.000Z/)
  assert.match(letter!.body, new RegExp(`store-full: no room \\(${job}\\)`))
  assert.match(tables!.headers, /filename=holdfast-week-2026-02-02\.csv/)
  assert.match(tables!.body, /^source,"alpha\/=evil, ""web"".raw",/m)
  assert.match(tables!.body, new RegExp(`^failure,${job},`, 'm'))

  assert.equal(hooks.hits.length, 1)
  const { kind, report } = JSON.parse(hooks.hits[0]!.body) as {
    readonly kind: string
    readonly report: { readonly period: string; readonly failures: readonly { job: string }[] }
  }
  assert.deepEqual([kind, report.period, report.failures[0]?.job], ['report', 'month', job])
})
