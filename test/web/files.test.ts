import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { Download, Page } from 'playwright-core'
import { makeExt, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { barriers, thereAre } from './browser.ts'
import { openConsole } from './console-scene.ts'

const HOSTILE = '<img src=x onerror="document.title=1">'

test('files of a point: browsed, downloaded, searched, restored', async (t) => {
  if (lacksTool(t, 'mkfs.ext4') || lacksTool(t, 'bsdtar')) return
  const console = await openConsole(t)
  if (!console) return
  const { scene } = console
  const tree = await treeIn(await temporaryFolder(t))
  await makeExt(scene.image('disk.raw'), 'ext4', tree)
  await scene.holdfast.source('alpha/disk.raw')
  const first = await scene.point('alpha/disk.raw')
  const { page, problems } = await console.signedIn()
  await page.goto(`${console.url}points/${first.id}/files`)
  const folder = await temporaryFolder(t)

  await t.test('a file is downloaded with the bytes that it has', async () => {
    await page.getByRole('link', { name: 'srv' }).click()
    const file = await saved(page, folder, () =>
      page.getByRole('link', { name: 'data.bin', exact: true }).click(),
    )
    assert.equal(file.suggestedFilename(), 'data.bin')
    const got = await readFile(join(folder, 'data.bin'))
    assert.ok(got.equals(await readFile(join(tree, 'srv', 'data.bin'))))
  })

  await t.test('a hostile name is text and nothing else', async () => {
    await page.getByRole('link', { name: HOSTILE, exact: true }).waitFor()
    assert.equal(await page.locator('table img').count(), 0)
    assert.notEqual(await page.title(), '1')
  })

  await t.test(
    'a long folder is drawn where it is seen, narrowed by a part of a name',
    async () => {
      await page.getByRole('link', { name: 'Partitions' }).click()
      await page.getByRole('link', { name: 'many' }).click()
      await page
        .getByRole('link', { name: /^entry/ })
        .first()
        .waitFor()
      await page.getByText('3,000 entries', { exact: true }).waitFor()
      assert.ok((await page.locator('tbody tr').count()) < 100)
      await page.evaluate('document.querySelector(".pf-v6-c-page__main").scrollTop = 1e9')
      await page.getByRole('link', { name: 'entry 999', exact: true }).waitFor()
      assert.deepEqual(await barriers(page), [])
      await page.getByRole('button', { name: 'Name' }).click()
      await page.waitForURL(/descending/)
      await page.getByRole('link', { name: 'entry 999', exact: true }).waitFor()
      const narrow = page.getByRole('textbox', { name: 'Part of a name in this folder' })
      await narrow.fill('TRY 2999')
      await narrow.press('Enter')
      await page.getByText('1 is called so.').waitFor()
      await page.getByRole('link', { name: 'entry 2999', exact: true }).waitFor()
      await thereAre(1, page.locator('tbody tr'))
      assert.match(page.url(), /name=TRY/)
      await narrow.fill('no such')
      await page.getByRole('button', { name: 'Narrow' }).click()
      await page.getByText('Nothing was found.').waitFor()
      assert.deepEqual(await barriers(page), [])
    },
  )

  await t.test('all of it is chosen but for one, though few of it were ever seen', async () => {
    await page.goto(`${console.url}points/${first.id}/files?path=/many`)
    await page.getByRole('checkbox', { name: 'Choose all 3,000 of this folder' }).check()
    await page.getByRole('checkbox', { name: 'Choose entry 1', exact: true }).uncheck()
    await page.getByText('2999 chosen').waitFor()
    await page.getByText('All of /many/ but for 1').waitFor()
    assert.deepEqual(await barriers(page), [])
    await saved(page, folder, () => page.getByRole('link', { name: 'Download as tar' }).click())
    const names = (await tool('bsdtar', '-tf', join(folder, 'files.tar')))
      .split('\n')
      .filter(Boolean)
    assert.equal(names.length, 2999)
    assert.ok(names.includes('entry 0') && !names.includes('entry 1'))
    await page.getByRole('button', { name: 'Choose nothing' }).click()
    await page.getByRole('link', { name: 'Partitions' }).click()
    await page.getByRole('link', { name: 'srv' }).click()
  })

  await t.test('what was chosen in several folders comes in one zip', async () => {
    await page.getByRole('checkbox', { name: 'Choose data.bin' }).check()
    await page.getByRole('link', { name: 'Partitions' }).click()
    await page.getByRole('checkbox', { name: 'Choose notes.txt' }).check()
    await page.getByText('2 chosen').waitFor()
    assert.deepEqual(await barriers(page), [])
    await saved(page, folder, () => page.getByRole('link', { name: 'Download as zip' }).click())
    const there = join(folder, 'unpacked')
    await mkdir(there)
    await tool('bsdtar', '-xf', join(folder, 'files.zip'), '-C', there)
    for (const [name, from] of [
      ['data.bin', 'srv/data.bin'],
      ['notes.txt', 'notes.txt'],
    ] as const)
      await tool('cmp', join(there, name), join(tree, from))
  })

  await t.test('it is restored to a host, and the job says where it is', async () => {
    await page.getByRole('link', { name: 'Restore to a host' }).click()
    await page.getByLabel('Host', { exact: true }).selectOption('alpha')
    const target = scene.restoreFolder()
    await page.getByLabel('Folder', { exact: true }).fill(target)
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('checkbox', { name: /new folder/ }).uncheck()
    await page.getByRole('button', { name: 'Start the restore' }).click()
    await page.getByText(`2 items are in ${target}`).waitFor()
    await tool('cmp', join(target, 'notes.txt'), join(tree, 'notes.txt'))
    await tool('cmp', join(target, 'data.bin'), join(tree, 'srv', 'data.bin'))
  })

  await t.test('the same is restored again, from here and from the command line', async () => {
    const job = page.url().replace(/^.*\//, '')
    await page.getByRole('link', { name: 'Run it again' }).click()
    await page.getByText('As it was asked before.').waitFor()
    const target = await page.getByLabel('Folder', { exact: true }).inputValue()
    assert.equal(await page.getByRole('checkbox', { name: /new folder/ }).isChecked(), false)
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: 'Start the restore' }).click()
    await page.getByText(`2 items are in ${target}`).waitFor()
    await tool('cmp', join(target, 'data (copy).bin'), join(tree, 'srv', 'data.bin'))
    const refused = await scene.holdfast.run('job', 'run-again', job)
    assert.match(refused.stderr, /notes\.txt.*add --yes/s)
    await scene.holdfast.ok('job', 'run-again', job, '--yes')
    await tool('cmp', join(target, 'notes (copy 2).txt'), join(tree, 'notes.txt'))
  })

  await t.test('each version of a file is found once, with its points', async () => {
    await tool('debugfs', '-w', '-R', 'rm /notes.txt', scene.image('disk.raw'))
    await writeFile(join(tree, 'newer'), 'second version')
    await tool(
      'debugfs',
      '-w',
      '-R',
      `write ${join(tree, 'newer')} notes.txt`,
      scene.image('disk.raw'),
    )
    await scene.point('alpha/disk.raw')
    await page.goto(`${console.url}recovery/${encodeURIComponent('alpha/disk.raw')}/search`)
    await page.getByLabel('Name or pattern').fill('NOTES.*')
    await page.getByRole('button', { name: 'Search all points' }).click()
    await page.getByText('Searched 2 points').waitFor()
    const links = page.getByRole('link', { name: /notes\.txt$/ })
    await thereAre(2, links)
    assert.deepEqual(await barriers(page), [])
    await saved(page, folder, () => links.first().click())
    assert.equal(await readFile(join(folder, 'notes.txt'), 'utf8'), 'second version')
    await page.goto(`${console.url}points/${first.id}/files`)
    await page.getByRole('link', { name: 'All versions of notes.txt' }).click()
    await page.getByText('Searched 2 points').waitFor()
    await thereAre(2, links)
  })
  assert.deepEqual(problems, [])
})

async function treeIn(folder: string): Promise<string> {
  const tree = join(folder, 'tree')
  await mkdir(join(tree, 'srv'), { recursive: true })
  await writeFile(join(tree, 'notes.txt'), 'first version')
  await writeFile(join(tree, 'srv', 'data.bin'), Buffer.alloc(3_000_001, 'holdfast '))
  await writeFile(join(tree, 'srv', HOSTILE), 'x')
  await mkdir(join(tree, 'many'))
  for (let i = 0; i < 3000; i++) await writeFile(join(tree, 'many', `entry ${i}`), '')
  return tree
}

/** What a click downloads, in `folder` under the name that it came with. */
async function saved(page: Page, folder: string, click: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()])
  await download.saveAs(join(folder, download.suggestedFilename()))
  return download
}
