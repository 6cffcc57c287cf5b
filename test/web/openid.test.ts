import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import test from 'node:test'
import { CLIENT, runProvider } from '../openid/openid-provider.ts'
import { barriers, openPage } from './browser.ts'
import { openConsole } from './console-scene.ts'

test('the button leads to the provider and back to the page that was asked for', async (t) => {
  const console = await openConsole(t)
  if (!console) return
  const provider = await runProvider(t, `${console.url}sign-in`)
  const beside = (name: string) => console.scene.holdfast.path('server', name)
  await writeFile(beside('openid-secret'), CLIENT.secret)
  await chmod(beside('openid-secret'), 0o600)
  const settings = {
    ...{ issuer: provider.issuer, console: console.url, label: 'Example ID' },
    ...{ clientId: CLIENT.id, clientSecretFile: 'openid-secret', scopes: ['profile', 'groups'] },
    roles: [{ value: 'admins', role: 'admin' }],
  }
  await writeFile(beside('openid.json'), JSON.stringify(settings))
  const { page, problems } = await openPage(console.browser)
  const button = page.getByRole('button', { name: 'Sign in with Example ID' })

  await t.test('without a role one comes back to the sign-in page, which says why', async () => {
    await page.goto(`${console.url}operators`)
    await button.click()
    await page.getByText('nothing gives kim a role here').waitFor()
    await button.waitFor()
    assert.deepEqual(await barriers(page), [])
    assert.ok(!page.url().includes('code='), page.url())
  })

  await t.test('with one, the page that was asked for is there', async () => {
    provider.person = { ...provider.person, groups: ['admins'] }
    await page.goto(`${console.url}operators`)
    await button.click()
    await page.getByRole('row', { name: /kim/ }).waitFor()
    assert.equal(page.url(), `${console.url}operators`)
    await page.getByRole('button', { name: 'Sign out kim' }).waitFor()
  })

  await t.test('a provider that is down is said, and a password still works', async () => {
    await page.getByRole('button', { name: 'Sign out kim' }).click()
    await button.waitFor()
    await provider.close()
    await button.click()
    await page.getByText('does not answer as one').waitFor()
    await page.getByLabel('Password').waitFor()
  })
  assert.deepEqual(problems, [])
})
