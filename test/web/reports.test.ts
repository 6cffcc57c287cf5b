import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
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
  assert.deepEqual(problems, [])
})
