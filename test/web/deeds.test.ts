import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import test from 'node:test'
import type { Host, Point, Source } from '../../cli/reply.ts'
import { bytesOf } from '../support/ext-images.ts'
import { barriers, openPage, thereAre } from './browser.ts'
import { openConsole } from './console-scene.ts'

const SOURCE = 'alpha/disk.raw'
const PASSWORD = 'five words make a password'

test('what the command line does to hosts, sources, points and the store', async (t) => {
  const console = await openConsole(t)
  if (!console) return
  const { scene, url } = console
  const { holdfast } = scene
  await writeFile(scene.image('disk.raw'), bytesOf('disk', 2 ** 20))
  await scene.sources(SOURCE)
  await scene.point(SOURCE)
  const { page, problems } = await console.signedIn()
  const dialog = page.getByRole('dialog')
  const choose = async (menu: string, item: string) => {
    await page.getByRole('button', { name: menu }).click()
    await page.getByRole('menuitem', { name: item, exact: true }).click()
  }

  await t.test('a host is throttled, and the throttle is lifted', async () => {
    await page.goto(`${url}hosts`)
    await choose('Actions for alpha', 'Throttle')
    await dialog.getByLabel('At most, in MiB per second').fill('fast')
    assert.ok(await dialog.getByRole('button', { name: 'Set', exact: true }).isDisabled())
    await dialog.getByLabel('At most, in MiB per second').fill('2.5')
    assert.deepEqual(await barriers(page), [])
    await dialog.getByLabel('At most, in MiB per second').press('Enter')
    await page.getByText('2.5 MiB/s').waitFor()
    const limit = async () => (await holdfast.ok<Host>('host', 'show', 'alpha')).json.bytesPerSecond
    assert.equal(await limit(), 2.5 * 2 ** 20)
    await choose('Actions for alpha', 'Throttle')
    await dialog.getByLabel('At most, in MiB per second').fill('')
    await dialog.getByRole('button', { name: 'Set', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.equal(await limit(), 0)
  })

  await t.test('a data source has an owner, and a point with a name that is kept', async () => {
    await page.goto(`${url}sources`)
    await choose(`Actions for ${SOURCE}`, 'Settings')
    await dialog.getByLabel('Owner').fill('desk')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    const { json } = await holdfast.ok<Source>('source', 'show', SOURCE)
    assert.equal(json.owner, 'desk')
    await choose(`Actions for ${SOURCE}`, 'Create a point with options')
    await dialog.getByLabel('Label').fill('before the move')
    await dialog.getByLabel('Keep it from being deleted').check()
    assert.deepEqual(await barriers(page), [])
    await dialog.getByRole('button', { name: 'Create a point' }).click()
    await page.getByText('Completed', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'The point that it made' }).click()
    await page.getByText('before the move').waitFor()
    await page.getByText('protected', { exact: true }).waitFor()
  })

  await t.test('a point is read again, deleted, and brought back', async () => {
    const point = page.url()
    await choose('More about this point', 'Verify')
    await page.getByText('Read and compared').waitFor()
    await page.goto(point)
    await choose('More about this point', 'Delete')
    await dialog.getByText(/protected/).waitFor()
    assert.ok(await dialog.getByRole('button', { name: 'Delete' }).isDisabled())
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Let it be deleted' }).click()
    await page.getByRole('button', { name: 'Keep from being deleted' }).waitFor()
    await choose('More about this point', 'Delete')
    await dialog.getByText(/^That frees/).waitFor()
    await dialog.getByLabel('Why').fill('made by mistake')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Deleted', { exact: true }).waitFor()
    await thereAre(0, page.getByRole('link', { name: 'Restore' }))
    await page.goto(`${url}recovery/${encodeURIComponent(SOURCE)}`)
    await page.getByText('Deleted points (1)').click()
    await page.getByRole('row', { name: 'before the move' }).getByRole('link').click()
    await choose('More about this point', 'Bring it back')
    await page.getByRole('link', { name: 'Restore' }).waitFor()
    await page.getByText('Ready', { exact: true }).waitFor()
  })

  await t.test('a volume is added, and what is no folder is refused in words', async () => {
    await page.goto(`${url}storage`)
    await choose('More about the store', 'Add a volume')
    await dialog.getByLabel('Folder on the server').fill('relative')
    await dialog.getByRole('button', { name: 'Add a volume' }).click()
    await dialog.getByText(/relative/).waitFor()
    await dialog.getByLabel('Folder on the server').fill(holdfast.path('second-volume'))
    await dialog.getByRole('button', { name: 'Add a volume' }).click()
    await page.getByText(holdfast.path('second-volume')).first().waitFor()
    await choose('More about the store', 'Import a first replica')
    await dialog.getByLabel('Folder on the server').fill(holdfast.path('no-such-drive'))
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await dialog
      .getByText(/no-such-drive/)
      .first()
      .waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  await t.test('who only looks is offered nothing that changes anything', async () => {
    await holdfast.ok('operator', 'add', 'vera', '--role', 'viewer')
    const file = holdfast.path('vera.password')
    await writeFile(file, PASSWORD)
    await holdfast.ok('operator', 'password', 'vera', '--from', file)
    const { page: hers } = await openPage(console.browser)
    await hers.goto(url)
    await hers.getByLabel('Name').fill('vera')
    await hers.getByLabel('Password').fill(PASSWORD)
    await hers.getByRole('button', { name: 'Sign in', exact: true }).click()
    await hers.getByRole('heading', { name: 'Overview' }).waitFor()
    for (const place of ['hosts', 'sources', 'groups', 'storage', 'reports', 'jobs', 'alerts']) {
      await hers.goto(`${url}${place}`)
      await hers.locator('tbody tr, h2').first().waitFor()
      const deeds = hers.getByRole('main').getByRole('button', {
        name: /^(Create|Add|Actions for|More about|Verify|Collect|Compact|Mail this|Acknowledge)/,
      })
      assert.equal(await deeds.count(), 0, place)
    }
  })

  await t.test('who serves themselves restores to where it was, and nowhere else', async () => {
    await holdfast.ok(
      'operator',
      'add',
      'sue',
      '--role',
      'self-service',
      '--scope',
      `source:${SOURCE}`,
    )
    const file = holdfast.path('sue.password')
    await writeFile(file, PASSWORD)
    await holdfast.ok('operator', 'password', 'sue', '--from', file)
    const [point] = (await holdfast.ok<Point[]>('point', 'list')).json
    const { page: hers, problems: heard } = await openPage(console.browser)
    await hers.goto(`${url}points/${point?.id}/restore`)
    await hers.getByLabel('Name').fill('sue')
    await hers.getByLabel('Password').fill(PASSWORD)
    await hers.getByRole('button', { name: 'Sign in', exact: true }).click()
    await hers.getByRole('radio', { name: /^Where it was/, checked: true }).waitFor()
    assert.equal(await hers.getByRole('radio').count(), 1)
    await hers.goto(`${url}sources`)
    await hers.getByRole('button', { name: `Actions for ${SOURCE}` }).click()
    assert.deepEqual(await hers.getByRole('menuitem').allTextContents(), [
      'Create a point with options',
    ])
    assert.deepEqual(heard, [])
  })

  await t.test('a host is renamed, and refused from then on', async () => {
    await page.goto(`${url}hosts`)
    await choose('Actions for alpha', 'Rename')
    await dialog.getByLabel('Name').fill('beta')
    await dialog.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('row', { name: /beta/ }).waitFor()
    await choose('Actions for beta', 'Revoke')
    await dialog.getByText(/refused from this moment on/).waitFor()
    await dialog.getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('Revoked', { exact: true }).waitFor()
    assert.deepEqual(await barriers(page), [])
  })
  assert.deepEqual(problems, [])
})
