/*
 * `npm run bench:console`: how the console's long lists behave in a real Chromium. A server with a source
 * of 10,000 points and 10,000 jobs, and a point of an ext4 image whose folder has as many entries as asked
 * for. Each page is opened, scrolled by the wheel for five seconds, then by its bar through all of it; what
 * is told is when it could be used, how long frames took meanwhile, what held up the page for 50 ms and
 * more, how many rows the list has and how many of them are in the page. First of all, the console is
 * opened by a browser that has nothing of it yet.
 *
 *   npm run bench:console -- [--points 10000] [--entries 100000]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { silentLogger } from '../core/runtime/log.ts'
import { Installation } from '../scripts/installation/installation.ts'
import { openDatabase } from '../server/catalog/database.ts'
import { startEmbeddedPostgres } from '../server/postgres/embedded-postgres.ts'
import { makeFolderImage } from './console/folder-image.ts'
import { tellFirstLoads } from './console/first-load.ts'
import { measurePage, tellPages } from './console/measure-page.ts'
import { fillCatalog } from './data/years-of-points.ts'
import { createPoint } from './items/point.ts'

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '10000' },
    entries: { type: 'string', default: '100000' },
  },
})
const SOURCE = encodeURIComponent('host-0/vm-0')
const FOLDER = encodeURIComponent('/many')

const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-console-'))
try {
  await main()
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const postgres = await startEmbeddedPostgres({
    folder: path.join(folder, 'postgres'),
    log: silentLogger,
  })
  const holdfast = await Installation.start({
    ...{ folder, host: 'bench', env: { DATABASE_URL: postgres.url } },
    serverArguments: ['--console', '127.0.0.1:0', '--console-plain'],
  })
  try {
    await makeFolderImage(path.join(holdfast.images, 'many.raw'), folder, Number(values.entries))
    await holdfast.startAgent()
    const point = await createPoint(holdfast, 'bench/many.raw')
    await fill(postgres.url)
    await measure(holdfast, [
      ['10,000 points of one machine', `recovery/${SOURCE}?day=all`],
      ['jobs', 'jobs'],
      ['events', 'events'],
      ['data sources', 'sources'],
      [`a folder of ${values.entries} entries`, `points/${point}/files?path=${FOLDER}`],
    ])
  } finally {
    await holdfast.stop()
    await postgres.stop()
  }
}

async function fill(url: string): Promise<void> {
  const database = await openDatabase({ url, log: silentLogger })
  await fillCatalog(database, { sources: 250, points: Number(values.points), other: 4 })
  await database.close()
}

async function measure(
  holdfast: Installation,
  pages: readonly (readonly [string, string])[],
): Promise<void> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-proxy-server'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const { url } = (await holdfast.holdfast<{ url: string }>(['console', 'link'])).document
    await page.goto(url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await tellFirstLoads(browser, page, url)
    for (const [name, where] of pages)
      tellPages(name, await measurePage(page, new URL(where, url).href))
  } finally {
    await browser.close()
  }
}
