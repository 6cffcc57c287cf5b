import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { chmod, writeFile } from 'node:fs/promises'
import test, { type TestContext } from 'node:test'
import type { AlertSeverity, AlertType } from '../../core/model/alert-type.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { raiseAlert, resolveAlert } from '../../server/catalog/alerts.ts'
import { queueDigest } from '../../server/catalog/notices.ts'
import { readDigest } from '../../server/notify/digest-report.ts'
import { Notifier } from '../../server/notify/notifier.ts'
import { CALLER, startService, type Service } from '../operator/service.ts'
import { Hooks } from './hooks.ts'
import { MailServer } from './mail-server.ts'
import { until } from '../support/scene.ts'

interface Told extends Service {
  readonly mail: MailServer
  readonly notifier: Notifier
  readonly settings: (more?: Record<string, unknown>) => Promise<void>
  readonly subscribe: (address: string, severities?: string[], digest?: boolean) => Promise<string>
  readonly raise: (type: AlertType, severity: AlertSeverity, cause?: string) => Promise<string>
  readonly resolve: (type: AlertType) => Promise<void>
  /** The minute of waiting has gone by; everything is sent that can be. */
  readonly send: () => Promise<void>
}

async function told(t: TestContext): Promise<Told> {
  const service = await startService(t)
  const { database, handlers, folder } = service
  const mail = new MailServer(t)
  await mail.start()
  const mailFile = `${folder}/mail.json`
  const notifier = new Notifier({
    ...{ database, clock: systemClock, log: silentLogger, serverId: 'server-test', mailFile },
    ...{ consoleUrl: () => 'https://127.0.0.1:7480/', seconds: () => 1_800_000_000 },
  })
  t.after(() => notifier.stop())
  const settings = async (more: Record<string, unknown> = {}) => {
    const shape = { host: '127.0.0.1', port: mail.port, security: 'none', from: 'hf@example.org' }
    await writeFile(mailFile, JSON.stringify({ ...shape, ...more }), { mode: 0o600 })
  }
  await settings()
  return {
    ...{ ...service, mail, notifier, settings },
    subscribe: async (address, severities = [], digest = false) => {
      const added = await handlers.addSubscriber(
        { address, severities, digest, reports: [] },
        CALLER,
      )
      return added.secret ?? ''
    },
    raise: (type, severity, cause = 'it broke') =>
      database.tx((q) =>
        raiseAlert(q, systemRandom, {
          ...{ type, severity, object: 'server', cause, action: 'mend it' },
          command: 'holdfast storage status',
        }),
      ),
    resolve: (type) => database.tx((q) => resolveAlert(q, type, 'server')),
    send: async () => {
      await database.query(`UPDATE notice SET not_before = now() WHERE ended_at IS NULL`)
      await notifier.look()
      await notifier.settled()
    },
  }
}

test('what happens within a minute comes in one mail, to those who want the severity', async (t) => {
  const { subscribe, raise, resolve, send, mail, notifier } = await told(t)
  await subscribe('ops@example.org', ['critical', 'warning'])
  await subscribe('boss@example.org', ['critical'])
  await raise('catalog-filling', 'warning', 'the catalog is full\r\nBcc: evil@example.org')
  await notifier.look()
  await notifier.settled()
  assert.equal(mail.received.length, 0, 'others may come within the minute')
  const id = await raise('server-read-only', 'critical')
  await raise('server-read-only', 'critical', 'again')
  await raise('recovery-successful', 'informational')
  await resolve('catalog-filling')
  await send()
  assert.equal(mail.received.length, 2)
  const ops = mail.received.find(({ to }) => to[0] === 'ops@example.org')!
  assert.match(ops.headers, /^Subject: Holdfast: 1 critical, 1 warning, 1 over$/m)
  assert.match(ops.headers, /^Auto-Submitted: auto-generated$/m)
  assert.match(ops.headers, /^From: hf@example.org$/m)
  assert.doesNotMatch(ops.headers, /evil/)
  assert.ok(ops.body.indexOf('CRITICAL') < ops.body.indexOf('WARNING'), 'the worst first')
  assert.match(ops.body, /it broke\r?\n/)
  assert.match(ops.body, /What to do: mend it/)
  assert.ok(ops.body.includes(`$ holdfast alert show ${id}`))
  assert.match(ops.body, /OVER {2}catalog-filling/)
  assert.match(ops.body, /https:\/\/127.0.0.1:7480\//)
  assert.doesNotMatch(ops.body, /recovery-successful/)
  const boss = mail.received.find(({ to }) => to[0] === 'boss@example.org')!
  assert.match(boss.headers, /^Subject: Holdfast: critical: server-read-only server$/m)
  assert.deepEqual(boss.to, ['boss@example.org'])
  await raise('server-read-only', 'critical', 'and again')
  await send()
  assert.equal(mail.received.length, 2, 'nobody is told the same twice')
  await raise('catalog-filling', 'warning', 'a new one')
  await raise('catalog-filling', 'critical', 'and it grew')
  await send()
  assert.match(mail.received.at(-1)!.body + mail.received.at(-2)!.body, /It grew worse/)
})

test('a mail server that is away, refuses or hangs: it is told again, and nothing else waits', async (t) => {
  const { subscribe, raise, send, mail, database, notifier } = await told(t)
  await subscribe('ops@example.org', ['critical'])
  await mail.stop()
  await raise('server-read-only', 'critical')
  await send()
  const failing = async () =>
    database.query<{ attempts: number; failure: string | null }>(
      `SELECT attempts, failure FROM notice WHERE ended_at IS NULL`,
    )
  assert.equal((await failing())[0]?.attempts, 1)
  assert.match((await failing())[0]?.failure ?? '', /ECONNREFUSED/)
  await mail.start()
  mail.refuses = 'mailbox is full'
  await send()
  assert.match((await failing())[0]?.failure ?? '', /mailbox is full/)
  const events = await database.query<{ message: string }>(
    `SELECT message FROM event WHERE kind = 'notice-failed'`,
  )
  assert.equal(events.length, 1, 'once, not with each try')
  mail.refuses = undefined
  mail.hangs = true
  await database.query(`UPDATE notice SET not_before = now()`)
  await notifier.look()
  // While it hangs, whoever raises an alert is not held up.
  await raise('catalog-filling', 'critical')
  await mail.stop()
  await notifier.settled()
  assert.equal((await failing()).length, 2)
  mail.hangs = false
  await mail.start()
  await send()
  assert.deepEqual(await failing(), [])
  assert.equal(mail.received.length, 1)
  assert.match(mail.received[0]!.headers, /Holdfast: 2 critical/)
})

test('settings of mail are read each time; secrets that others can read are refused', async (t) => {
  const { subscribe, raise, send, settings, mail, folder, handlers } = await told(t)
  await subscribe('ops@example.org', ['critical'])
  await mail.stop()
  await mail.start('s3cret')
  const tested = async () =>
    (await handlers.testSubscribers({ addresses: [] }, CALLER)).results[0]?.error?.message ?? 'sent'
  await writeFile(`${folder}/password`, 's3cret\n', { mode: 0o644 })
  const login = { host: 'localhost', user: 'holdfast', passwordFile: 'password' }
  await settings(login)
  assert.match(await tested(), /others can read the secret in .*\/password/)
  await chmod(`${folder}/password`, 0o600)
  assert.equal(await tested(), 'sent')
  await settings({ ...login, passwordFile: undefined, password: 'wrong' })
  assert.match(await tested(), /wrong password/i)
  await settings({ ...login, host: 'mail.example.org' })
  assert.match(await tested(), /encrypted/)
  await settings({ ...login, hots: 'x', port: 'y' })
  assert.match(await tested(), /port: .*hots/s)
  await settings(login)
  await raise('server-read-only', 'critical')
  await send()
  assert.equal(mail.received.length, 2)
})

test('webhooks are signed, in order, one by one; what they answer decides', async (t) => {
  const { subscribe, raise, resolve, send, database } = await told(t)
  const hooks = await Hooks.start(t)
  const secret = await subscribe(hooks.url('ok'), ['critical'])
  assert.ok(secret.length >= 32)
  await raise('server-read-only', 'critical')
  await resolve('server-read-only')
  await send()
  assert.equal(hooks.hits.length, 2)
  const bodies = hooks.hits.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
  assert.deepEqual(
    bodies.map(({ kind, change, server }) => [kind, change, server]),
    [
      ['alert', 'raised', 'server-test'],
      ['alert', 'resolved', 'server-test'],
    ],
  )
  for (const { headers, body } of hooks.hits) {
    const [, at = '', signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['holdfast-signature'])) ?? []
    const expected = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
    assert.equal(signature, expected)
    assert.equal(at, '1800000000')
  }
  hooks.status = 503
  await raise('catalog-filling', 'critical')
  await send()
  const id = hooks.hits.at(-1)!.headers['holdfast-delivery']
  const waiting = await database.query<{ failure: string }>(
    `SELECT failure FROM notice WHERE ended_at IS NULL`,
  )
  assert.deepEqual(waiting, [{ failure: 'it answered with 503' }])
  hooks.status = 200
  await send()
  assert.equal(hooks.hits.at(-1)!.headers['holdfast-delivery'], id, 'the same again says so')
  assert.equal(hooks.hits.length, 4)
})

test('a webhook that hangs, or redirects, holds up nobody else', async (t) => {
  const { subscribe, raise, database, notifier } = await told(t)
  const hooks = await Hooks.start(t)
  for (const path of ['hangs', 'moved', 'ok']) await subscribe(hooks.url(path), ['critical'])
  await raise('server-read-only', 'critical')
  await notifier.look()
  while (hooks.hits.length < 3) await hooks.hit()
  await notifier.look() // the one that hangs is not asked again meanwhile
  await raise('catalog-filling', 'critical')
  await notifier.look()
  while (hooks.hits.filter(({ path }) => path === '/ok').length < 2) {
    await Promise.race([hooks.hit(), systemClock.sleep(20)])
    await notifier.look()
  }
  assert.equal(hooks.hits.filter(({ path }) => path === '/hangs').length, 1)
  // A hook has heard of it before its answer is written down.
  await until('both that were answered ended', async () => {
    const open = await database.query(
      `SELECT FROM notice WHERE ended_at IS NULL AND address LIKE '%/ok'`,
    )
    return open.length === 0 || undefined
  })
  await notifier.stop()
  const ended = await database.query<{ address: string; failure: string | null }>(
    `SELECT address, failure FROM notice WHERE ended_at IS NULL ORDER BY address, id`,
  )
  assert.deepEqual(
    [...new Set(ended.map(({ address }) => new URL(address).pathname))],
    ['/hangs', '/moved'],
  )
  assert.ok(ended.some(({ failure }) => failure === 'it answered with 307'))
})

test('the daily report comes also when all is well, once a day', async (t) => {
  const { subscribe, send, mail, database, store, rows, raise } = await told(t)
  await subscribe('ops@example.org', ['critical'], true)
  await subscribe('quiet@example.org', ['critical'], false)
  const digest = async (day: string) => {
    await database.tx(async (q) =>
      queueDigest(q, day, await readDigest(q, await store.volumes(), new Date())),
    )
    await send()
  }
  await digest('2027-01-01')
  await digest('2027-01-01')
  assert.equal(mail.received.length, 1)
  assert.match(mail.received[0]!.headers, /^Subject: Holdfast daily report: all is well$/m)
  assert.match(mail.received[0]!.body, /All is well/)
  const host = await rows.host('alpha', { online: false })
  await rows.source(host, 'lonely.raw')
  await rows.job({ kind: 'collection' })
  await raise('server-read-only', 'critical')
  await database.query(`DELETE FROM notice WHERE key NOT LIKE 'digest%'`)
  await digest('2027-01-02')
  const { headers, body } = mail.received.at(-1)!
  assert.match(headers, /Subject: Holdfast daily report: 1 alert, 1 problem/)
  assert.match(body, /server-read-only {2}server: it broke/)
  assert.match(body, /In no protection group:\s+alpha\/lonely.raw/)
  assert.match(body, /1 collection completed/)
  assert.match(body, /! host alpha is unreachable/)
})

test('what was given up is said so, and goes with the history', async (t) => {
  const { subscribe, raise, send, mail, database } = await told(t)
  await subscribe('ops@example.org', ['critical'])
  await mail.stop()
  await raise('server-read-only', 'critical')
  await database.query(`UPDATE notice SET queued_at = now() - interval '4 days'`)
  await send()
  const rows = await database.query<{ over: boolean }>(
    `SELECT ended_at IS NOT NULL AS over FROM notice`,
  )
  assert.deepEqual(rows, [{ over: true }])
  const [event] = await database.query<{ message: string }>(
    `SELECT message FROM event WHERE kind = 'notice-failed'`,
  )
  assert.match(event!.message, /ops@example.org .*1 were given up/)
})

test('addresses that are none, secrets that are short, severities that are none', async (t) => {
  const { handlers } = await startService(t)
  type Wish = Omit<Parameters<typeof handlers.addSubscriber>[0], 'reports'>
  const add = (wish: Wish, reports: string[] = []) =>
    Promise.resolve(handlers.addSubscriber({ ...wish, reports }, CALLER))
  const refused = (wish: Wish, reports: string[] = []) =>
    assert.rejects(add(wish, reports), { code: 'invalid-argument' })
  for (const address of [
    ...['ops', 'a@b@c', 'a b@c', 'x@y\r\nBcc: z@z', 'a@b,c@d', 'ftp://x/', 'https://u:p@x/'],
    ...['http://[', 'file:///etc/passwd', 'mailto:x@y'],
  ])
    await refused({ address, severities: [] })
  await refused({ address: 'https://x/', severities: ['loud'] })
  await refused({ address: 'https://x/', severities: [], secret: 'short' })
  await refused({ address: 'https://x/', severities: [] }, ['year'])
  await add({ address: 'https://x/', severities: ['warning'] }, ['week', 'day'])
  await assert.rejects(add({ address: 'https://x/', severities: [] }), { code: 'already-exists' })
  const { subscribers } = await handlers.listSubscribers({}, CALLER)
  assert.deepEqual(
    subscribers.map(({ kind, severities, digest, reports }) => [kind, severities, digest, reports]),
    [['webhook', ['warning'], false, ['day', 'week']]],
  )
  assert.doesNotMatch(JSON.stringify(subscribers), /secret/)
  await handlers.removeSubscriber({ subscriber: 'https://x/' }, CALLER)
  assert.deepEqual((await handlers.listSubscribers({}, CALLER)).subscribers, [])
})
