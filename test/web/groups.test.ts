import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import test from 'node:test'
import type { Group } from '../../cli/reply.ts'
import { bytesOf } from '../support/ext-images.ts'
import { barriers } from './browser.ts'
import { openConsole } from './console-scene.ts'

const SOURCE = 'alpha/disk.raw'
const SLOW = '256KiB'

test('from nothing to a group whose first replica is watched, stopped and run again', async (t) => {
  const console = await openConsole(t)
  if (!console) return
  const { scene } = console
  await writeFile(scene.image('disk.raw'), bytesOf('disk', 6 * 2 ** 20))
  await scene.sources(SOURCE)
  await scene.holdfast.ok('host', 'throttle', 'alpha', '--rate', SLOW)
  const { page, problems } = await console.signedIn()

  await t.test('the overview leads to what comes first', async () => {
    await page.getByText('Nothing is protected yet.').waitFor()
    await page.getByRole('link', { name: /^Make a protection group/ }).click()
    await page.getByRole('heading', { name: 'Create a protection group' }).waitFor()
  })

  await t.test('the wizard asks step by step, and says what would come of it', async () => {
    await page.getByLabel('Name').fill('office')
    await page.getByRole('checkbox', { name: SOURCE }).check()
    const next = page.getByRole('button', { name: 'Next' })
    await next.click()
    await page.getByLabel('Recovery points', { exact: true }).fill('08:00,18:00 mon-fri')
    assert.deepEqual(await barriers(page), [])
    for (let step = 0; step < 3; step++) await next.click()
    const objective = page.getByRole('spinbutton', { name: 'Oldest that the newest point may be' })
    await objective.fill('36')
    await page.getByRole('button', { name: 'Plus' }).last().click()
    assert.equal(await objective.inputValue(), '37')
    assert.deepEqual(await barriers(page), [])
    await next.click()
    await page.getByText(new RegExp(`\\+ ${SOURCE}: `)).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: 'Do it' }).click()
    await page.waitForURL(/\/groups\/office$/)
    await page.getByRole('link', { name: SOURCE }).waitFor()
    await page.getByText('Oldest that the newest point may be').waitFor()
    const { json } = await scene.holdfast.ok<Group>('group', 'show', 'office')
    assert.equal(json.settings?.objectiveMinutes, 37 * 60)
  })

  await t.test('an objective is taken back to what the schedule says', async () => {
    await page.getByRole('link', { name: 'Change', exact: true }).click()
    await page.getByRole('button', { name: /Options$/ }).click()
    await page.getByRole('spinbutton', { name: 'Oldest that the newest point may be' }).fill('0')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Do it' }).click()
    await page.waitForURL(/\/groups\/office$/)
    const { json } = await scene.holdfast.ok<Group>('group', 'show', 'office')
    assert.equal(json.settings?.objectiveMinutes, null)
  })

  await t.test('a job is seen moving, and stops when somebody says so', async () => {
    await page.getByRole('link', { name: 'Jobs', exact: true }).click()
    await page.getByRole('link', { name: 'Initial replication' }).first().click()
    await page.getByRole('heading', { name: 'Initial replication' }).waitFor()
    await page.getByText('Running', { exact: true }).waitFor()
    const progress = page.getByRole('progressbar')
    const at = async () => Number(await progress.getAttribute('aria-valuenow'))
    const first = await at()
    while ((await at()) <= first) await page.waitForTimeout(100)
    await page.getByRole('button', { name: 'Cancel the job' }).click()
    await page.getByText('Cancelled', { exact: true }).waitFor()
    assert.deepEqual(await barriers(page), [])
  })

  await t.test('the same job runs again to its end', async () => {
    await scene.holdfast.ok('host', 'throttle', 'alpha', '--rate', 'none')
    const before = page.url()
    await page.getByRole('button', { name: 'Run it again' }).click()
    await page.waitForURL((url) => url.href !== before)
    await page.getByText('Completed', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'The point that it made' }).click()
    await page.getByRole('heading', { name: `Recovery point of ${SOURCE}` }).waitFor()
  })
  assert.deepEqual(problems, [])
})
