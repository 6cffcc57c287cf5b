import assert from 'node:assert/strict'
import test from 'node:test'
import { systemRandom } from '../../core/runtime/random.ts'
import { raiseAlert } from '../../server/catalog/alerts.ts'
import type { Database } from '../../server/catalog/database.ts'
import { serve } from '../http/served.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { lacksTool } from '../support/needs.ts'
import { openBrowser, openPage } from './browser.ts'
import { DARK, LIGHT, PHONE, readable, wear } from './look.ts'

/* Pages that show something only of a server that has been at work for months. */

test('alerts and storage of three months can be read in every look', async (t) => {
  if (lacksTool(t, 'chromium')) return
  const { database, url, token } = await serve(t)
  const alert = await fill(database)
  const { page, problems } = await openPage(await openBrowser(t))
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in with a token instead' }).click()
  await page.getByLabel('Operator’s token').fill(token)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  const pages = { alerts: 'alerts?all=', alert: `alerts/${alert}`, storage: 'storage' }
  for (const look of [LIGHT, DARK, PHONE]) {
    await wear(page, look)
    for (const [name, path] of Object.entries(pages))
      await t.test(`${name}, ${look.name}`, async () => {
        await page.goto(`${url}${path}`)
        if (name === 'storage') await page.locator('canvas').nth(1).waitFor()
        await readable(page, `${name}-${look.name}`)
        assert.deepEqual(problems.splice(0), [])
      })
  }
})

const GIB = 2 ** 30
const DAYS = 90

/** A host with two machines, a store that fills, and what has gone wrong; gives the id of an alert. */
async function fill(database: Database): Promise<string> {
  const rows = new CatalogRows(database)
  const host = await rows.host('alpha')
  const web = await rows.source(host, 'web.qcow2')
  const mail = await rows.source(host, 'mail.qcow2')
  await rows.disk(web, 'web.qcow2')
  await fillStore(database, web)
  const raise = (
    more: Pick<Parameters<typeof raiseAlert>[2], 'type' | 'severity' | 'object'>,
    cause: string,
    action: string,
    command = '',
  ) => raiseAlert(database, systemRandom, { ...more, cause, action, command })
  await raise(
    { type: 'unprotected', severity: 'informational', object: host },
    'alpha offers 3 data sources that no group protects',
    '`holdfast group add` protects them, or a rule of a group: `--match`.',
    'holdfast source list --unprotected',
  )
  await raise(
    { type: 'store-filling', severity: 'warning', object: 'server' },
    'the store is 79 % full; as it goes, for 38 days more',
    'Add a volume, or keep fewer points.',
    'holdfast storage status',
  )
  const failed = [
    'recovery-point of alpha/mail.qcow2 failed: the guest did not freeze within 10 s',
    'Mend the cause and run it again. What arrived is kept and not sent again.',
  ] as const
  for (let times = 0; times < 12; times++)
    await raise(
      { type: 'recovery-point-failed', severity: 'warning', object: mail },
      ...failed,
      'holdfast point create {object}',
    )
  await database.query(`UPDATE alert SET first_seen_at = now() - interval '3 days'`)
  return raise(
    { type: 'stored-data-damaged', severity: 'critical', object: web },
    '3 chunks of alpha/web.qcow2 are damaged: 2 points cannot be restored whole',
    'A check sends what the source still has, and heals every point that needs it.',
    'holdfast check {object}',
  )
}

/** Some days take more than others, points expire each week, and verification follows. */
async function fillStore(database: Database, source: string): Promise<void> {
  await database.query(`INSERT INTO point_tally VALUES ($1, 412, $2)`, [source, 9_216 * GIB])
  await database.query(`INSERT INTO volume (uid, path) VALUES ('volume-1', '/srv/store')`)
  await database.query(
    `INSERT INTO pack (name, volume, state, first_segment, bytes, created_at, verified_at)
     SELECT 'pack-' || n, (SELECT id FROM volume), 'sealed', n, 512 * 1024 * 1024,
            now() - make_interval(days => n / 4), CASE WHEN n % 8 < 7 THEN now() - make_interval(days => n / 16) END
       FROM generate_series(1, 384) AS n`,
  )
  await database.query(
    `INSERT INTO segment (id, pack, base_offset, count, digests, lengths)
     SELECT pack.id * 6 + n, pack.id, n, 1024, '', '' FROM pack, generate_series(0, 5) AS n`,
  )
  await database.query(
    `INSERT INTO storage_day
     SELECT (now() AT TIME ZONE 'UTC')::date - $1::int + n, now(), stored, stored * 40, stored * 3 / 2,
            stored / 25 + (6 - n % 7) * $2::int8 / 2, stored - stored / 8 - (n % 5) * $2::int8, 300 + n,
            1024 * $2::int8, 1024 * $2::int8 - stored
       FROM generate_series(1, $1::int - 1) AS n,
    LATERAL (SELECT ((96 + n * 1.06 + n % 7)::int8 * $2::int8) AS stored) AS day`,
    [DAYS, GIB],
  )
}
