import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import test from 'node:test'
import type { Alert, Subscriber, TestedSubscriber } from '../../cli/reply.ts'
import { Holdfast } from '../support/holdfast.ts'
import { writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'
import { Hooks } from './hooks.ts'
import { MailServer } from './mail-server.ts'

/** Alerts as people meet them, through the command line, against real processes and a real mail server. */
test('who wants it is told by mail and webhook', async (t) => {
  const mail = new MailServer(t)
  await mail.start()
  const hooks = await Hooks.start(t)
  const holdfast = await Holdfast.create(t)
  const mailFile = holdfast.path('how-to-mail.json')
  const scene = await Scene.over(holdfast, { serverArgs: ['--mail', mailFile] })
  await writeRawDisk(scene.image('web.raw'), { chunks: 5, tail: 513, seed: 1 })
  await scene.sources('alpha/web.raw')

  await t.test('mail that is not set up is refused where it is asked for', async () => {
    const point = await scene.point('alpha/web.raw')
    const { answer } = await scene.tryRestore(point.id, ['--notify', 'ann@example.org'])
    assert.equal(answer.status, 1)
    assert.match(answer.stderr, /not told how to send mail/)
  })

  await t.test('subscribes, and tests', async () => {
    const place = ['--host', '127.0.0.1', '--port', `${mail.port}`, '--security', 'none']
    const set = await holdfast.ok('mail', 'set', ...place, '--from', 'hf@example.org')
    assert.match(set.stdout, /"configured": true/)
    await holdfast.ok('mail', 'test', 'ann@example.org')
    assert.deepEqual(mail.received.pop()?.to, ['ann@example.org'])
    const added = await holdfast.ok<Subscriber & { secret: string | null }>(
      ...['alert', 'subscribe', 'ops@example.org', '--no-digest'],
    )
    assert.deepEqual([added.json.kind, added.json.digest, added.json.secret], ['mail', false, null])
    const hook = await holdfast.ok<{ secret: string }>(
      ...['alert', 'subscribe', hooks.url('ok'), '--severity', 'critical,warning'],
    )
    assert.ok(hook.json.secret.length > 30)
    const tested = await holdfast.ok<TestedSubscriber[]>('alert', 'test')
    assert.deepEqual(
      tested.json.map(({ kind, error }) => [kind, error]),
      [
        ['webhook', null],
        ['mail', null],
      ],
    )
    assert.match(mail.received[0]!.body, /somebody asked for a test/)
    await holdfast.ok('alert', 'subscribe', hooks.url('bad'), '--severity', 'critical')
    const failed = await holdfast.run<TestedSubscriber[]>('alert', 'test', hooks.url('bad'))
    assert.equal(failed.status, 1)
    assert.equal(failed.json[0]?.error?.code, 'notice-failed')
    assert.match(failed.stderr, /500/)
    await holdfast.ok('alert', 'unsubscribe', hooks.url('bad'), '--yes')
  })

  await t.test('a report goes to whom the command names, and says where it does not', async () => {
    mail.received.length = 0
    const to = ['--mail', 'boss@example.org', '--mail', 'ann@example.org']
    const sent = await holdfast.ok<{ address: string }[]>('report', 'week', ...to)
    assert.deepEqual(
      sent.json.map(({ address }) => address),
      ['boss@example.org', 'ann@example.org'],
    )
    assert.deepEqual(mail.received.flatMap(({ to }) => to).sort(), [
      'ann@example.org',
      'boss@example.org',
    ])
    assert.match(mail.received[0]!.headers, /^Subject: Holdfast weekly report: nothing failed/m)
    mail.refuses = 'mailbox is full'
    const refused = await holdfast.run('report', 'day', '--mail', 'boss@example.org')
    assert.equal(refused.status, 1)
    assert.match(refused.stderr, /mailbox is full/)
    mail.refuses = undefined
    assert.equal(
      (await holdfast.run('report', 'day', '--csv', '--mail', 'a@example.org')).status,
      2,
    )
  })

  await t.test('a recovery mails what came of it', async () => {
    const before = mail.received.length
    await scene.restored('alpha/web.raw@latest', ['--notify', 'ann@example.org'])
    await until('the mail', async () => (mail.received.length > before ? true : undefined))
    const { to, headers, body } = mail.received.at(-1)!
    assert.deepEqual(to, ['ann@example.org'])
    assert.match(headers, /Subject: Holdfast: recovery of alpha\/web.raw completed/)
    assert.match(body, /restores.*web/)
  })

  await t.test(
    'a transfer that fails is an alert, with what runs it again, and is told',
    async () => {
      await writeFile(scene.image('web.raw'), '')
      await scene.create('alpha/web.raw')
      // The schedule looks at once where a group changes: no minute goes by.
      await holdfast.ok('group', 'create', 'later', '--match', 'name:later*', '--yes')
      const alert = await until('the alert', async () => {
        const { json } = await holdfast.ok<Alert[]>('alert', 'list')
        return json.find(
          ({ objectName, type }) => objectName === 'alpha/web.raw' && type.endsWith('-failed'),
        )
      })
      assert.match(alert.command, /^holdfast .* alpha\/web.raw$/)
      await until('the webhook', async () =>
        hooks.hits.some(({ body }) => body.includes(alert.id)) ? true : undefined,
      )
      const [mailTo, hookTo] = (
        await holdfast.ok<Subscriber[]>('alert', 'subscribers')
      ).json.reverse()
      assert.equal(mailTo?.kind, 'mail')
      assert.ok((mailTo?.waiting ?? 0) > 0, 'it waits for what else comes within the minute')
      assert.equal(hookTo?.waiting, 0)
    },
  )
})
