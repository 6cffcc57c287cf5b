import assert from 'node:assert/strict'
import test from 'node:test'
import { openPage } from './browser.ts'
import { openConsole } from './console-scene.ts'

test('a server that is lost is said to be, and a session that ended asks to sign in', async (t) => {
  const console = await openConsole(t)
  if (!console) return
  const { scene } = console
  const { page } = await console.signedIn()
  const away = page.getByText('The server does not answer. What you see may be old; trying again.')

  await t.test('what was there stays while the server is away', async () => {
    await page.getByRole('link', { name: 'Hosts', exact: true }).click()
    await page.getByRole('gridcell', { name: 'alpha', exact: true }).waitFor()
    const { port } = new URL(page.url())
    await scene.holdfast.server?.kill('SIGKILL')
    await away.first().waitFor()
    assert.equal(await page.getByRole('gridcell', { name: 'alpha', exact: true }).count(), 1)
    const at = ['--console', `127.0.0.1:${port}`, '--console-plain']
    await scene.holdfast.startServer({}, at)
    await away.first().waitFor({ state: 'detached' })
    await page.getByRole('gridcell', { name: 'alpha', exact: true }).waitFor()
  })

  await t.test('a session that was ended elsewhere ends here', async () => {
    const other = await page.context().newPage()
    await other.goto(console.url)
    await other.getByRole('button', { name: /^Sign out/ }).click()
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  })

  await t.test('a link is good once; afterwards it says why not', async () => {
    const { url } = (await scene.holdfast.ok<{ url: string }>('console', 'link')).json
    const link = url.replace(/^https?:\/\/[^/]+\//, console.url)
    for (const [guest, sees] of [
      ['first', 'Overview'],
      ['second', 'Sign in'],
    ] as const) {
      const { page } = await openPage(console.browser)
      await page.goto(link)
      await page.getByText(sees).first().waitFor()
      if (guest === 'second') await page.getByText('the server does not accept this').waitFor()
      assert.ok(!page.url().includes('sign-in='), 'the link leaves the address at once')
    }
  })
})
