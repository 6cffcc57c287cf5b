import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { makeExt, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import type { Scene } from '../support/scene.ts'
import { openConsole } from './console-scene.ts'
import { readable, wear, type Look } from './look.ts'

/* Each page in each look: light and dark, English and Korean, wide and on a phone. */

const SOURCE = 'alpha/disk.raw'

/** Every page, as one kind of person sees it. */
export function pagesIn(look: Look): void {
  test(`every page can be read: ${look.name}`, async (t) => {
    if (lacksTool(t, 'mkfs.ext4')) return
    const console = await openConsole(t)
    if (!console) return
    const pages = await pagesOf(console.scene, await temporaryFolder(t))
    const { page, problems } = await console.signedIn()
    await wear(page, look)
    for (const [name, path] of Object.entries(pages))
      await t.test(name, async () => {
        await page.goto(`${console.url}${path}`)
        await readable(page, `${name}-${look.name}`)
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
    hosts: 'hosts',
    events: 'events',
    operators: 'operators',
    reports: 'reports',
    simulator: 'storage/retention',
    settings: 'settings',
    audit: 'audit',
  }
}
