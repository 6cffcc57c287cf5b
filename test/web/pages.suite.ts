import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { makeExt, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import type { Scene } from '../support/scene.ts'
import { barriers } from './browser.ts'
import { openConsole } from './console-scene.ts'

/*
 * Each page in each look: light and dark, English and Korean, wide and on a phone. With
 * HOLDFAST_SCREENS=FOLDER a picture of each is left there (docs/screens has the last ones).
 */

const SCREENS = process.env['HOLDFAST_SCREENS']
const SOURCE = 'alpha/disk.raw'

export interface Look {
  readonly name: string
  readonly theme: 'light' | 'dark'
  readonly language: 'en' | 'ko'
  readonly viewport: { readonly width: number; readonly height: number }
}

/** Every page, as one kind of person sees it. */
export function pagesIn({ name: look, theme, language, viewport }: Look): void {
  test(`every page can be read: ${look}`, async (t) => {
    if (lacksTool(t, 'mkfs.ext4')) return
    const console = await openConsole(t)
    if (!console) return
    const pages = await pagesOf(console.scene, await temporaryFolder(t))
    const { page, problems } = await console.signedIn({ viewport })
    await page.evaluate(
      `localStorage.setItem('holdfast-theme', '${theme}'); localStorage.setItem('holdfast-language', '${language}')`,
    )
    for (const [name, path] of Object.entries(pages))
      await t.test(name, async () => {
        await page.goto(`${console.url}${path}`)
        await settled(page)
        if (SCREENS) await picture(page, SCREENS, `${name}-${look}`)
        assert.deepEqual(await barriers(page), [])
        assert.equal(await overflow(page), 0, 'nothing is wider than the window')
        assert.deepEqual(problems.splice(0), [])
      })
  })
}

/** What somebody sees who has protected a machine for a while: page by page. */
async function pagesOf(scene: Scene, folder: string): Promise<Readonly<Record<string, string>>> {
  const { holdfast } = scene
  const tree = join(folder, 'tree')
  await mkdir(join(tree, 'etc'), { recursive: true })
  await writeFile(join(tree, 'etc', 'hostname'), 'web\n')
  await writeFile(join(tree, 'report.odt'), Buffer.alloc(40_000, 'report '))
  await makeExt(scene.image('disk.raw'), 'ext4', tree)
  await tool('truncate', '-s', '8M', scene.image('unprotected.raw'))
  await scene.sources(SOURCE, 'alpha/unprotected.raw')
  const wish = ['--retain', '5d', '--points', '08:00,18:00', '--keep', 'daily=7,weekly=4', '--yes']
  const first = await scene.point(SOURCE)
  await tool(
    'debugfs',
    '-w',
    '-R',
    `write ${join(tree, 'report.odt')} report-2.odt`,
    scene.image('disk.raw'),
  )
  const second = await scene.point(SOURCE, '--label', 'before the upgrade')
  await holdfast.ok('group', 'create', 'office', '--member', SOURCE, ...wish)
  const jobs = (await holdfast.ok<{ id: string }[]>('job', 'list')).json
  const source = encodeURIComponent(SOURCE)
  return {
    overview: '',
    sources: 'sources',
    groups: 'groups',
    group: 'groups/office',
    'group-new': 'groups/new',
    recovery: 'recovery',
    points: `recovery/${source}`,
    point: `points/${second.id}`,
    compare: `points/${first.id}/compare/${second.id}`,
    restore: `points/${second.id}/restore`,
    files: `points/${second.id}/files`,
    'file-restore': `points/${second.id}/file-restore?paths=/report.odt`,
    search: `recovery/${source}/search?pattern=report*`,
    jobs: 'jobs',
    job: `jobs/${jobs[0]?.id}`,
    alerts: 'alerts',
    hosts: 'hosts',
    storage: 'storage',
    events: 'events',
    operators: 'operators',
    reports: 'reports',
    simulator: 'storage/retention',
    settings: 'settings',
    audit: 'audit',
  }
}

/** Until the page has what it asked for. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('.pf-v6-c-spinner').first().waitFor({ state: 'detached' })
  await page
    .getByText(/^(Loading|불러오는 중)$/)
    .first()
    .waitFor({ state: 'detached' })
  await page.waitForLoadState('load')
}

async function picture(page: Page, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    `Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)`,
  )
}
