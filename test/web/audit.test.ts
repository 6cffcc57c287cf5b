import assert from 'node:assert/strict'
import test from 'node:test'
import { thereAre } from './browser.ts'
import { openConsole } from './console-scene.ts'
import { barriersInEveryLook } from './looks.ts'

test('the audit log: filtered and verified', async (t) => {
  const console = await openConsole(t, { hosts: [] })
  if (!console) return
  const { holdfast } = console.scene
  await holdfast.ok('operator', 'add', 'vera', '--role', 'viewer')
  await holdfast.run('operator', 'add', 'vera', '--role', 'viewer')
  const { page, problems } = await console.signedIn()
  await page.goto(`${console.url}audit`)
  const rows = page.getByRole('grid', { name: 'Audit log' }).getByRole('row')

  await t.test('an entry says who did what, and opens to what else was kept', async () => {
    const entry = rows.filter({ hasText: 'AddOperator' }).filter({ hasText: 'Done' })
    assert.match((await entry.textContent()) ?? '', /admin.*vera/)
    await entry.locator('summary').click()
    await page.getByText('"role":"viewer"').filter({ visible: true }).waitFor()
  })

  await t.test('filters are part of the address', async () => {
    await page.getByLabel('Outcome').selectOption('failed')
    await rows.filter({ hasText: 'already-exists' }).waitFor()
    await thereAre(0, rows.filter({ hasText: 'Done' }))
    assert.match(page.url(), /outcome=failed/)
    await page.reload()
    await rows.filter({ hasText: 'already-exists' }).waitFor()
    await page.getByLabel('Since').fill('2999-01-01')
    await page.getByText('There is no such entry.').waitFor()
  })

  await t.test('it is read from its first entry on', async () => {
    await page.goto(`${console.url}audit`)
    await page.getByRole('button', { name: 'Verify the log' }).click()
    await page.getByText('The log is whole').waitFor()
    await page.getByRole('button', { name: 'Close' }).last().click()
  })

  await t.test('nothing bars anybody, in any look', async () => {
    const ready = () => page.getByText('AddOperator').first().waitFor()
    assert.deepEqual(await barriersInEveryLook(page, ready), [])
  })
  assert.deepEqual(problems, [])
})
