import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { makeExt, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { barriers, thereAre } from './browser.ts'
import { openConsole } from './console-scene.ts'

const SOURCE = 'alpha/disk.raw'

test('a machine is brought back, and its history is a tree from there', async (t) => {
  if (lacksTool(t, 'mkfs.ext4')) return
  const console = await openConsole(t)
  if (!console) return
  const { scene, url } = console
  const folder = await temporaryFolder(t)
  const tree = join(folder, 'tree')
  await mkdir(tree)
  await writeFile(join(tree, 'kept'), 'kept')
  await writeFile(join(tree, 'newer'), 'second version')
  const image = scene.image('disk.raw')
  await makeExt(image, 'ext4', tree)
  await scene.holdfast.source(SOURCE)
  const first = await scene.point(SOURCE)
  await tool('cp', '--sparse=always', image, join(folder, 'first.raw'))
  await tool('debugfs', '-w', '-R', 'rm /kept', image)
  await tool('debugfs', '-w', '-R', `write ${join(tree, 'newer')} added`, image)
  const second = await scene.point(SOURCE)
  const { page, problems } = await console.signedIn()

  await t.test('the calendar has a day with points, and they their times', async () => {
    await page.getByRole('link', { name: 'Recovery', exact: true }).click()
    await page.getByPlaceholder('Find a machine').fill('disk')
    await page.getByRole('link', { name: SOURCE }).click()
    await page.getByRole('button', { name: /: 2 points$/ }).waitFor()
    await thereAre(2, page.locator('tbody tr'))
    assert.deepEqual(await barriers(page), [])
  })

  await t.test('two points are compared by blocks and by files', async () => {
    await page.goto(`${url}points/${first.id}/compare/${second.id}`)
    await page.getByText(/differ\.$/).waitFor()
    const files = page.getByRole('grid', { name: 'Files' })
    await files.getByText('added', { exact: true }).waitFor()
    await files.getByText('removed', { exact: true }).waitFor()
    assert.deepEqual(await barriers(page), [])
  })

  await t.test('a restore elsewhere says beforehand what it does, then does it', async () => {
    await page.goto(`${url}points/${first.id}/restore`)
    await page.getByLabel('Host', { exact: true }).selectOption('alpha')
    const target = scene.restoreFolder()
    await page.getByLabel('Folder', { exact: true }).fill(target)
    await page.getByLabel('Format').selectOption('qcow2')
    await page.getByRole('button', { name: 'Further options' }).click()
    await page.getByLabel('Mail what comes of it to').fill('ann@example.org')
    assert.deepEqual(await barriers(page), [])
    const plan = page.getByRole('button', { name: 'Show what that means' })
    await plan.click()
    const begin = page.getByRole('button', { name: 'Start the restore' })
    await begin.click()
    await page.getByText('this server was not told how to send mail').waitFor()
    await page.getByLabel('Mail what comes of it to').fill('')
    await plan.click()
    await page.getByRole('region', { name: 'Summary' }).waitFor()
    await page.getByRole('button', { name: 'Start the restore' }).click()
    await page.getByText('Completed', { exact: true }).waitFor()
    await tool('qemu-img', 'compare', join(target, 'disk.qcow2'), join(folder, 'first.raw'))
  })

  await t.test('it is run again as it was asked, once that was seen', async () => {
    await page.getByRole('link', { name: 'Run it again' }).click()
    await page.getByText('As it was asked before.').waitFor()
    assert.equal(await page.getByLabel('Format').inputValue(), 'qcow2')
    assert.equal(await page.getByLabel('Host', { exact: true }).inputValue(), 'alpha')
    const folder = await page.getByLabel('Folder', { exact: true }).inputValue()
    await page.getByRole('region', { name: 'Summary' }).getByText(folder).first().waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByLabel('Name (as it was, if empty)').fill('again')
    await page.getByRole('button', { name: 'Show what that means' }).click()
    await page.getByRole('button', { name: 'Start the restore' }).click()
    await page.getByText('Completed', { exact: true }).waitFor()
    await tool('qemu-img', 'compare', join(folder, 'again.qcow2'), join(folder, 'disk.qcow2'))
  })

  await t.test('the original is replaced only by whoever says so', async () => {
    await page.goto(`${url}points/${first.id}/restore`)
    await page.getByRole('radio', { name: /^Where it was/ }).check()
    await page.getByRole('button', { name: 'Show what that means' }).click()
    const start = page.getByRole('button', { name: 'Start the restore' })
    await start.waitFor()
    assert.equal(await start.isDisabled(), true)
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('checkbox', { name: 'Replace it' }).check()
    await start.click()
    await page.getByText('Completed', { exact: true }).waitFor()
    await tool('qemu-img', 'compare', '-f', 'raw', '-F', 'raw', image, join(folder, 'first.raw'))
  })

  await t.test('the next point is on a branch, which is the current one', async () => {
    await scene.point(SOURCE)
    await page.goto(`${url}recovery/${encodeURIComponent(SOURCE)}`)
    const branches = page.getByRole('tree', { name: 'Branches' })
    await branches.getByText('From the first point on').waitFor()
    const now = branches
      .getByRole('treeitem')
      .filter({ hasText: 'the machine as it is now' })
      .last()
    assert.match((await now.textContent()) ?? '', /Restored from/)
    assert.deepEqual(await barriers(page), [])
  })
  assert.deepEqual(problems, [])
})
