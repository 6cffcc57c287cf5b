import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { Child } from '../support/child.ts'
import { barriers, openPage } from './browser.ts'
import { openConsole } from './console-scene.ts'
import { barriersInEveryLook } from './looks.ts'

const PASSWORD = 'five grey geese fly'

async function choose(page: Page, operator: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${operator}` }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

async function addOperator(page: Page, name: string, role: string, scopes = ''): Promise<void> {
  await page.getByRole('button', { name: 'Add an operator' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel(role, { exact: true }).check()
  await dialog.getByLabel('Scope').fill(scopes)
  await dialog.getByRole('button', { name: 'Add an operator' }).click()
  await dialog.waitFor({ state: 'hidden' })
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

function places(page: Page): Promise<readonly string[]> {
  return page.getByRole('navigation').getByRole('link').allTextContents()
}

test('operators: added, given a way in, seen by what they may do, and removed', async (t) => {
  const console = await openConsole(t)
  if (!console) return
  const { page, problems } = await console.signedIn()
  await page.getByRole('link', { name: 'Operators' }).click()

  await t.test('one is added with a role and a scope; a bad scope says so', async () => {
    await addOperator(page, 'vera', 'Viewer')
    await page.getByRole('button', { name: 'Add an operator' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('rick')
    await dialog.getByLabel('Recovery operator', { exact: true }).check()
    await dialog.getByLabel('Scope').fill('host:nowhere')
    await dialog.getByRole('button', { name: 'Add an operator' }).click()
    await dialog.getByText('nowhere').waitFor()
    await dialog.getByLabel('Scope').fill('host:alpha')
    await dialog.getByRole('button', { name: 'Add an operator' }).click()
    const row = page.getByRole('row', { name: /rick/ })
    await row.getByText('host:alpha').waitFor()
    assert.match((await row.textContent()) ?? '', /Recovery operator/)
  })

  await t.test('a token is shown once, works, and is refused once it is revoked', async () => {
    await choose(page, 'vera', 'New token')
    await page.getByLabel('Good for').selectOption({ label: '30 days' })
    await page.getByRole('button', { name: 'Make the token' }).click()
    const shown = page.getByRole('dialog')
    const saving = page.waitForEvent('download')
    await shown.getByRole('button', { name: 'Save as operator.json' }).click()
    const file = await (await saving).path()
    const { token } = JSON.parse(await readFile(file, 'utf8')) as { token: string }
    assert.equal(await shown.getByLabel('The token alone').inputValue(), token)
    const status = () => new Child(['host', 'list', '--json', '--operator', file]).end()
    assert.equal((await status()).status, 0, 'the file is a credential of the command line')
    await shown.getByRole('button', { name: 'Close' }).last().click()
    await page.reload()
    await page.getByRole('row', { name: /vera/ }).waitFor()
    assert.ok(!(await page.content()).includes(token), 'it cannot be had again')
    await choose(page, 'vera', 'Refuse all tokens')
    await page.getByRole('dialog').getByRole('button', { name: 'Refuse all tokens' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.equal((await status()).status, 3)
  })

  await t.test('with a name and password one gets in, and sees what the role allows', async () => {
    await choose(page, 'vera', 'Set the password')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await dialog.getByLabel('Once more').fill('something else')
    await dialog.getByText('The two are not the same.').waitFor()
    await dialog.getByLabel('Once more').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Set the password' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const vera = await openPage(console.browser)
    await vera.page.goto(`${console.url}operators`)
    await signIn(vera.page, 'vera', 'not her password')
    await vera.page.getByText('the server does not accept this').waitFor()
    await signIn(vera.page, 'vera', PASSWORD)
    await vera.page.getByRole('heading', { name: 'Not part of your role' }).waitFor()
    const seen = await places(vera.page)
    assert.ok(seen.includes('Storage') && !seen.includes('Operators'), seen.join())
    assert.ok(!seen.includes('Audit log'), seen.join())
    assert.deepEqual(vera.problems, [])
  })

  await t.test('somebody with a scope begins where they may', async () => {
    await choose(page, 'rick', 'Set the password')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await dialog.getByLabel('Once more').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Set the password' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const rick = await openPage(console.browser)
    await rick.page.goto(console.url)
    await signIn(rick.page, 'rick', PASSWORD)
    await rick.page.waitForURL(/\/recovery$/)
    const seen = await places(rick.page)
    assert.ok(seen.includes('Recovery') && !seen.includes('Overview'), seen.join())
    await choose(page, 'rick', 'Remove')
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('row', { name: /rick/ }).waitFor({ state: 'hidden' })
    await rick.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  })

  await t.test('nothing bars anybody, in any look', async () => {
    const ready = () => page.getByRole('row', { name: /vera/ }).waitFor()
    assert.deepEqual(await barriersInEveryLook(page, ready), [])
    await page.getByRole('button', { name: 'Add an operator' }).click()
    await page.getByRole('dialog').waitFor()
    assert.deepEqual(await barriers(page), [])
  })
  assert.deepEqual(problems, [])
})
