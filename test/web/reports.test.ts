import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { MailServer } from '../alerts/mail-server.ts'
import { barriers } from './browser.ts'
import { openConsole } from './console-scene.ts'
import { barriersInEveryLook } from './looks.ts'

test('reports, space over time, the simulator and settings', async (t) => {
  const console = await openConsole(t, { hosts: [] })
  if (!console) return
  const { page, problems } = await console.signedIn()

  await t.test('a report of a week or a month, and as tables for a spreadsheet', async () => {
    await page.getByRole('link', { name: 'Reports' }).click()
    await page.getByText('Nothing failed.').waitFor()
    await page.getByRole('button', { name: 'Month' }).click()
    await page.waitForURL(/period=month/)
    await page.getByLabel('Up to').fill('2026-01-31')
    await page.waitForURL(/period=month&until=2026-01-31/)
    // Where the viewer is: the day ends at midnight in Seoul.
    await page.locator('time[datetime^="2026-01-31T15:00"]').waitFor()
    await page.getByLabel('Up to').fill('')
    await page.waitForURL(/period=month$/)
    const saving = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download as CSV' }).click()
    const file = await saving
    assert.match(file.suggestedFilename(), /^holdfast-month-.*\.csv$/)
    assert.match(
      await readFile(await file.path(), 'utf8'),
      /^table,period,since,until\r\nreport,month,/,
    )
    const ready = () => page.getByRole('heading', { level: 2 }).first().waitFor()
    assert.deepEqual(await barriersInEveryLook(page, ready), [])
  })

  await t.test('rules are tried out: what stays of a year, drawn and in words', async () => {
    await page.goto(`${console.url}storage`)
    await page.getByRole('heading', { name: 'Space over time' }).waitFor()
    await page.getByRole('link', { name: 'Try out retention' }).click()
    await page.getByLabel('Recovery points').fill('20:00')
    await page.getByLabel('Days of which every point stays').fill('10')
    await page.getByLabel('Kept longer').fill('')
    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.getByText(/^(10|11) of 36[45] points stay\.$/).waitFor()
    assert.equal(
      await page
        .getByRole('img', { name: /points stay/ })
        .locator('canvas')
        .count(),
      1,
    )
    await page.getByLabel('Kept longer').fill('nonsense')
    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.getByText(/nonsense/).waitFor()
    const ready = () => page.getByRole('heading', { level: 1 }).waitFor()
    assert.deepEqual(await barriersInEveryLook(page, ready), [])
  })

  await t.test('a webhook is added, tried and removed', async () => {
    const received: string[] = []
    const hook = createServer((request, response) => {
      received.push(String(request.headers['holdfast-signature']))
      response.end()
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    t.after(() => hook.close())
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Tell somebody' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Address').fill(url)
    await dialog.getByLabel('Week', { exact: true }).check()
    await dialog.getByRole('button', { name: 'Tell somebody' }).click()
    await dialog.getByText('This is shown once.').waitFor()
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByRole('row', { name: url }).getByText('Week', { exact: true }).waitFor()
    await page.getByRole('button', { name: `Send a test to ${url}` }).click()
    await page
      .getByText(/^It worked/)
      .or(page.getByText(/It worked, in/))
      .first()
      .waitFor()
    assert.match(received[0] ?? '', /^t=\d+,v1=[0-9a-f]{64}$/)
    const ready = () => page.getByText(url).first().waitFor()
    assert.deepEqual(await barriersInEveryLook(page, ready), [])
    await page.getByRole('button', { name: `Remove ${url}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('Nobody is told of alerts.').waitFor()
  })

  await t.test('mail is set up, tried, and a report goes out by it', async () => {
    const mail = new MailServer(t)
    await mail.start('s3cret words')
    await page.goto(`${console.url}reports`)
    await page.getByRole('button', { name: 'Mail this report' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('To', { exact: true }).fill('ann@example.org')
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await dialog.getByText('this server was not told how to send mail').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('No mail is sent.').waitFor()
    await page.getByRole('button', { name: 'Set up mail' }).click()
    await dialog.getByLabel('Mail server').fill('127.0.0.1')
    await dialog.getByLabel('Connection').selectOption('none')
    await dialog.getByLabel('Port').fill(`${mail.port}`)
    await dialog.getByLabel('From').fill('nobody')
    await dialog.getByLabel('Sign in as').fill('holdfast')
    await dialog.getByLabel('Password').fill('s3cret words')
    assert.deepEqual(await barriers(page), [])
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText(/from: has to be a mail address/).waitFor()
    await dialog.getByLabel('From').fill('hf@example.org')
    await dialog.getByLabel('From').press('Enter')
    await page.getByText(`127.0.0.1:${mail.port}`).waitFor()
    assert.doesNotMatch(await page.content(), /s3cret/)

    await page.getByRole('button', { name: 'Send a test mail' }).click()
    await dialog.getByLabel('To', { exact: true }).fill('ann@example.org')
    await dialog.getByLabel('To', { exact: true }).press('Enter')
    await dialog
      .getByText(/The mail server took it for ann@example.org/)
      .first()
      .waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    assert.deepEqual(mail.received.pop()?.to, ['ann@example.org'])
    const ready = () => page.getByText(`127.0.0.1:${mail.port}`).waitFor()
    assert.deepEqual(await barriersInEveryLook(page, ready), [])

    await page.goto(`${console.url}reports?period=month`)
    await page.getByRole('button', { name: 'Mail this report' }).click()
    await dialog.getByLabel('To', { exact: true }).fill('boss@example.org, ann@example.org')
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await dialog
      .getByText(/took it for boss@example.org/)
      .first()
      .waitFor()
    assert.match(mail.received[0]!.headers, /Subject: Holdfast monthly report/)
    assert.equal(mail.received.length, 2)
  })
  assert.deepEqual(problems, [])
})
