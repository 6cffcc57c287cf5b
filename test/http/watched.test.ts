import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { addSample } from '../operator/service.ts'
import { lacksTool } from '../support/needs.ts'
import { serve, type Served } from './served.ts'

const MONITORING = path.join(import.meta.dirname, '..', '..', 'monitoring')

async function page({ url, token }: Served): Promise<string> {
  const answer = await fetch(`${url}metrics`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(answer.status, 200)
  return answer.text()
}

test('figures of sources, jobs, hosts and the store, as the catalog has them', async (t) => {
  const served = await serve(t)
  const { source, host } = await addSample(served.rows)
  await served.rows.source(host, 'fresh.raw')
  await served.rows.job({ kind: 'recovery-point', state: 'failed', source })
  const text = await page(served)
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  assert.equal(figure('holdfast_source_points\\{source="alpha/web.raw"\\}'), 2)
  assert.equal(figure('holdfast_source_points\\{source="alpha/fresh.raw"\\}'), 0)
  assert.ok(figure('holdfast_source_last_good_point_age_seconds\\{source="alpha/web.raw"\\}') >= 0)
  assert.doesNotMatch(text, /last_good_point_age_seconds\{source="alpha\/fresh\.raw"\}/)
  assert.equal(figure('holdfast_jobs\\{kind="recovery-point",state="failed"\\}'), 1)
  assert.equal(figure('holdfast_hosts\\{state="online"\\}'), 1)
  assert.ok(figure('holdfast_store_bytes') > 0 && figure('holdfast_catalog_bytes') > 0)
  assert.match(text, /^holdfast_server_nodejs_eventloop_lag_seconds /m)
})

test('strangers learn that it is alive, and nothing else', async (t) => {
  const { url } = await serve(t)
  assert.deepEqual(await (await fetch(`${url}healthz`)).json(), { ok: true })
  assert.equal((await fetch(`${url}readyz`)).status, 200)
  assert.equal((await fetch(`${url}metrics`)).status, 401)
})

test('it is not ready while the database is away', async (t) => {
  const { url, database } = await serve(t)
  t.mock.method(database, 'query', () => Promise.reject(new Error('connection refused')))
  assert.equal((await fetch(`${url}readyz`)).status, 500)
  assert.equal((await fetch(`${url}healthz`)).status, 200)
})

test('rules and dashboard ask for figures that there are', async (t) => {
  const served = await serve(t)
  const { source } = await addSample(served.rows)
  await served.rows.job({ kind: 'recovery-point', state: 'running', source })
  await served.database.query(
    `INSERT INTO alert (id, type, severity, object, cause, action) VALUES ('a', 't', 'critical', 'o', 'c', 'a')`,
  )
  const text = await page(served)
  for (const file of ['holdfast.rules.yml', 'grafana-dashboard.json'])
    for (const [name] of (await readFile(path.join(MONITORING, file), 'utf8')).matchAll(
      /holdfast_\w+/g,
    ))
      assert.match(text, new RegExp(`^${name}[{ ]`, 'm'), `${file} asks for ${name}`)
})

test('page, rules and configuration pass their own tool', async (t) => {
  if (lacksTool(t, 'promtool')) return
  const run = promisify(execFile)
  await run('promtool', ['check', 'rules', path.join(MONITORING, 'holdfast.rules.yml')])
  const config = ['check', 'config', '--syntax-only', path.join(MONITORING, 'prometheus.yml')]
  await run('promtool', config)
  const served = await serve(t)
  await addSample(served.rows)
  const checked = run('promtool', ['check', 'metrics'])
  checked.child.stdin?.end(await page(served))
  await checked
})
