import assert from 'node:assert/strict'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { MailSettings, SentMail } from '../../cli/reply.ts'
import { MailServer } from '../alerts/mail-server.ts'
import { serve, type Refusal } from './served.ts'

test('how mail is sent is said, changed, tried and ended', async (t) => {
  const { ask, folder, database } = await serve(t)
  const mail = new MailServer(t)
  await mail.start('s3cret words')
  const file = join(folder, 'mail.json')
  const written = async () => JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  const show = async () => (await ask<MailSettings>('GET', '/mail')).json
  const set = async (body: object) => {
    const { status, json } = await ask<MailSettings & Refusal>('PUT', '/mail', body)
    assert.equal(status, 200, JSON.stringify(json))
    return json
  }
  const tried = async () => {
    const to = { address: 'ann@example.org' }
    const { status, json } = await ask<SentMail & Refusal>('POST', '/mail/test', to)
    return status === 200 ? 'sent' : `${json.error.code}: ${json.error.message}`
  }

  assert.equal((await show()).configured, false)
  assert.match(await tried(), /notice-failed: this server was not told how/)

  const place = {
    host: '127.0.0.1',
    port: mail.port,
    security: 'none',
    from: 'Hf <hf@example.org>',
  }
  const login = { ...place, user: 'holdfast' }
  const first = await set({ ...login, password: 's3cret words' })
  assert.deepEqual(
    [first.configured, first.host, first.port, first.user, first.hasPassword, first.from],
    [true, '127.0.0.1', mail.port, 'holdfast', true, 'Hf <hf@example.org>'],
  )
  assert.doesNotMatch(JSON.stringify([first, await show()]), /s3cret/)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal(await tried(), 'sent')
  assert.deepEqual(mail.received.at(-1)?.to, ['ann@example.org'])

  await set({ ...login, from: 'other@example.org' })
  assert.equal((await written())['password'], 's3cret words', 'it stays')
  assert.equal(await tried(), 'sent')
  assert.equal((await set({ ...login, host: 'localhost' })).hasPassword, false, 'not elsewhere')
  assert.match(await tried(), /notice-failed: the mail server did not take it/)
  await set({ ...login, password: 's3cret words' })
  assert.equal((await set({ ...login, user: 'somebody' })).hasPassword, false)

  await set({ ...login, password: 's3cret words' })
  await chmod(file, 0o644)
  const open = await show()
  assert.match(open.problem ?? '', /others can read/)
  assert.deepEqual([open.host, open.hasPassword], ['127.0.0.1', true], 'it can be mended')
  assert.equal((await set(login)).problem, null)
  assert.equal(await tried(), 'sent')

  await writeFile(join(folder, 'word'), 's3cret words', { mode: 0o600 })
  await writeFile(file, JSON.stringify({ ...login, passwordFile: 'word' }))
  await set({ ...login, from: 'again@example.org' })
  assert.equal((await written())['passwordFile'], 'word', 'a file by its name stays one')
  assert.equal(await tried(), 'sent')
  await writeFile(file, '{')
  assert.match((await show()).problem ?? '', /does not say how to send mail/)
  assert.equal((await set({ ...login, password: '' })).hasPassword, false)

  assert.equal((await ask<MailSettings>('DELETE', '/mail')).json.configured, false)
  assert.equal((await ask<MailSettings>('DELETE', '/mail')).json.configured, false)
  await assert.rejects(stat(file), { code: 'ENOENT' })
  const kept = await database.query(`SELECT notes FROM audit UNION SELECT message FROM event`)
  assert.match(JSON.stringify(kept), /mail goes through 127.0.0.1, as Hf <hf@example.org>/)
  assert.doesNotMatch(JSON.stringify(kept), /s3cret/)
})

test('mail that cannot be sent so is not written, and says which field', async (t) => {
  const { ask, folder } = await serve(t)
  const good = { host: 'mail.example.org', from: 'hf@example.org' }
  const refusals: readonly (readonly [object, RegExp])[] = [
    [{ host: '' }, /host: has to be the name/],
    [{ host: 'smtp://mail.example.org' }, /host/],
    [{ port: 70_000 }, /port: .*65535/],
    [{ port: -1 }, /port/],
    [{ security: 'ssl' }, /security/],
    [{ from: 'nobody' }, /from: has to be a mail address/],
    [{ from: 'a@example.org\r\nBcc: b@example.org' }, /from/],
    [{ user: 'x', security: 'none' }, /encrypted/],
    [{ authority: 'PEM' }, /authority: is no certificate/],
  ]
  for (const [part, says] of refusals) {
    const { status, json } = await ask('PUT', '/mail', { ...good, ...part })
    assert.deepEqual([status, json.error.code], [400, 'invalid-argument'], JSON.stringify(part))
    assert.match(json.error.message, says)
  }
  await assert.rejects(stat(join(folder, 'mail.json')), { code: 'ENOENT' })
  const { json } = await ask<MailSettings>('PUT', '/mail', good)
  assert.deepEqual([json.port, json.security, json.user], [587, 'starttls', null])
})

test('a report is mailed where mail is set up, and to addresses alone', async (t) => {
  const { ask, folder } = await serve(t)
  const send = (addresses: string[]) =>
    ask<{ results: SentMail[] } & Refusal>('POST', '/reports/week/mail', { addresses })
  const none = await send(['ann@example.org'])
  assert.deepEqual([none.status, none.json.error.code], [400, 'invalid-argument'])
  assert.match(none.json.error.message, /not told how to send mail/)
  const mail = new MailServer(t)
  await mail.start()
  const settings = { host: '127.0.0.1', port: mail.port, security: 'none', from: 'hf@example.org' }
  await writeFile(join(folder, 'mail.json'), JSON.stringify(settings))
  for (const addresses of [[], ['nobody'], Array.from({ length: 11 }, (_, i) => `a${i}@b.org`)])
    assert.equal((await send(addresses)).status, 400)
  assert.equal(mail.received.length, 0)
  const { json } = await send(['ann@example.org', 'ann@example.org'])
  assert.deepEqual(
    json.results.map(({ address, error }) => [address, error]),
    [['ann@example.org', null]],
  )
  assert.match(mail.received[0]!.headers, /Subject: Holdfast weekly report/)
})
