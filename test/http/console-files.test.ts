import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import fastify from 'fastify'
import { serveConsole } from '../../server/http/console/serve-console.ts'
import { temporaryFolder } from '../support/images.ts'

/** As a build leaves them: the page names the script, whose name is of its content. */
async function build(folder: string, script: string): Promise<void> {
  await rm(join(folder, 'assets'), { recursive: true, force: true })
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), `<script src="/assets/${script}"></script>`)
  await writeFile(join(folder, 'assets', script), script)
  await writeFile(join(folder, 'assets', `${script}.gz`), `small ${script}`)
}

test('pages that were built anew are served without a new start', async (t) => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'secret'), 'not of the console')
  const web = join(folder, 'web')
  await mkdir(web)
  await build(web, 'one.js')
  const app = fastify()
  t.after(() => app.close())
  await serveConsole(app, web)
  const get = (url: string, headers = {}) => app.inject({ url, headers })
  assert.match((await get('/')).body, /one\.js/)
  await build(web, 'two.js')
  for (const address of ['/', '/jobs', '/recovery/alpha%2Fweb.raw', '/points/p-1/files?path=/a.b'])
    assert.match((await get(address)).body, /two\.js/, address)
  const script = await get('/assets/two.js')
  assert.deepEqual([script.statusCode, script.body], [200, 'two.js'])
  assert.match(String(script.headers['cache-control']), /immutable/)
  const small = await get('/assets/two.js', { 'accept-encoding': 'gzip' })
  assert.deepEqual([small.headers['content-encoding'], small.body], ['gzip', 'small two.js'])
  // A script that is gone is no page.
  assert.equal((await get('/assets/one.js')).statusCode, 404)
  for (const way of [
    '/assets/..%2f..%2fsecret',
    '/assets/../../secret',
    '/assets/%2e%2e/%2e%2e/secret',
  ])
    assert.notEqual((await get(way)).body, 'not of the console', way)
  assert.equal((await get('/assets/%zz')).statusCode, 400)
})
