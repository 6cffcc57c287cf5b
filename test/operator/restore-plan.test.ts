import assert from 'node:assert/strict'
import test from 'node:test'
import { chunkId } from '../../core/model/chunk-id.ts'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import { addSample, CALLER, startService, texts, type Service } from './service.ts'

const TIB = 2 ** 40

type Wish = Partial<Parameters<Service['handlers']['planRestore']>[0]>

function wish(more: Wish) {
  return {
    ...{ point: 'alpha/web.raw@latest', original: false, disks: [], preallocate: false },
    ...{ evenIfOpen: false, bytesPerSecond: 0, notify: [], rateHours: [], ...more },
  }
}

const ELSEWHERE = { toHost: 'beta', path: '/srv/restores/web' }

test('a plan to another host: bytes that are not zero, files, time and what the format makes of it', async (t) => {
  const { handlers, rows } = await startService(t)
  const { host } = await addSample(rows)
  await rows.host('beta')
  const plan = await handlers.planRestore(wish({ ...ELSEWHERE, format: 'vhd' }), CALLER)
  const { warnings, ...rest } = plan
  assert.deepEqual(rest, {
    bytes: 20 * CHUNK_BYTES,
    host: 'beta',
    target: 'beta:/srv/restores/web',
    files: ['/srv/restores/web/web.vhd'],
    overwrites: [],
    changes: [],
    wholeVm: false,
  })
  assert.equal(warnings.length, 1)
  assert.match(warnings[0] ?? '', /sectors of 512 bytes/)
  await rows.job({ kind: 'recovery', host, totalBytes: 10 * CHUNK_BYTES, seconds: 2 })
  const raw = await handlers.planRestore(wish({ ...ELSEWHERE, name: 'a.raw' }), CALLER)
  assert.deepEqual([raw.files, raw.warnings], [['/srv/restores/web/a.raw'], []])
  assert.equal(raw.seconds, 4)
})

test('a plan to the original location names the files that are replaced', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { disk, host } = await addSample(rows)
  const plan = await handlers.planRestore(wish({ original: true }), CALLER)
  assert.deepEqual(
    [plan.host, plan.files, plan.overwrites, plan.warnings],
    ['alpha', ['/images/web.raw'], ['/images/web.raw'], []],
  )
  await database.query(`UPDATE disk SET size_bytes = 5 WHERE id = $1`, [disk])
  await database.query(`UPDATE host SET session = NULL WHERE id = $1`, [host])
  const { warnings } = await handlers.planRestore(wish({ original: true }), CALLER)
  assert.match(warnings.join('\n'), /unreachable/)
  assert.match(warnings.join('\n'), /former size/)
  await database.query(`UPDATE disk SET present = false WHERE id = $1`, [disk])
  await assert.rejects(handlers.planRestore(wish({ original: true }), CALLER), {
    code: 'source-missing',
  })
})

test('formats that cannot hold a disk are refused before a byte moves', async (t) => {
  const { handlers, rows } = await startService(t)
  const host = await rows.host('beta')
  const source = await rows.source(host, 'big')
  const chunkBytes = 2 ** 31 - 2 ** 20 // few chunks for a test; any size is as good here
  const point = async (name: string, sizeBytes: number) => {
    const disk = await rows.disk(source, name, { chunkBytes })
    const map = new Array<number>(Math.ceil(sizeBytes / chunkBytes)).fill(0)
    return rows.point(source, await rows.version(source, [{ disk, sizeBytes, chunkBytes, map }]))
  }
  const plan = (which: string, format: string) =>
    handlers.planRestore(wish({ ...ELSEWHERE, point: which, format, name: 'x' }), CALLER)
  const big = await point('2.5 TiB', 2.5 * TIB)
  await assert.rejects(plan(big, 'vhd'), { code: 'format-cannot-hold', message: /2\.5 TiB/ })
  await assert.rejects(plan(big, 'vhd-fixed'), { code: 'format-cannot-hold' })
  for (const format of ['raw', 'qcow2', 'vhdx', 'vmdk']) await plan(big, format)
  const limit = await point('limit', 2040 * 2 ** 30)
  await plan(limit, 'vhd')
  const huge = await point('huge', 63 * TIB)
  await assert.rejects(plan(huge, 'vmdk'), { code: 'format-cannot-hold' })
  await plan(huge, 'vhdx')
  const vast = await point('vast', 65 * TIB)
  await assert.rejects(plan(vast, 'vhdx'), { code: 'format-cannot-hold', hint: /raw/ })
  await plan(vast, 'qcow2')
  const empty = await point('empty', 0)
  await assert.rejects(plan(empty, 'qcow2'), { code: 'format-cannot-hold' })
  await plan(empty, 'raw')
})

test('targets that are refused', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { first } = await addSample(rows)
  const beta = await rows.host('beta', { restoreRoots: ['/srv/restores/', '/images'] })
  const refused = async (more: Wish, code: string) =>
    assert.rejects(handlers.planRestore(wish({ ...ELSEWHERE, ...more }), CALLER), { code })
  await refused({ path: '/etc' }, 'target-refused')
  await refused({ path: '/srv/restores-not' }, 'target-refused')
  await refused({ path: '/srv/restores/../../etc' }, 'target-refused')
  await refused({ path: 'relative' }, 'target-refused')
  await refused({ path: '' }, 'invalid-argument')
  await refused({ name: 'a/b' }, 'target-refused')
  await refused({ name: 'x'.repeat(300) }, 'target-refused')
  await refused({ format: 'iso' }, 'invalid-argument')
  await refused({ disks: ['swap'] }, 'not-found')
  await refused({ toHost: 'gamma' }, 'not-found')
  await refused({ original: true }, 'invalid-argument')
  await refused({ point: 'alpha/nothing@latest' }, 'not-found')
  const source = await rows.source(beta, 'web.raw')
  await rows.disk(source, 'web.raw')
  await refused({ path: '/images' }, 'target-exists')
  await handlers.planRestore(wish({ ...ELSEWHERE, path: '/images', name: 'other' }), CALLER)
  const deep = `/srv/restores/${'d/'.repeat(600)}`
  const { warnings } = await handlers.planRestore(wish({ ...ELSEWHERE, path: deep }), CALLER)
  assert.match(warnings.join(), /some programs cannot open/)
  await handlers.deletePoint({ point: first, preview: false }, CALLER)
  await refused({ point: first }, 'not-found')
  await handlers.revokeHost({ host: 'beta' }, CALLER)
  await refused({}, 'host-revoked')
  const [jobs] = await database.query<{ count: number }>(`SELECT count(*) FROM job`)
  assert.equal(jobs?.count, 0)
})

test('a restore becomes a job that says all its agent needs', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const host = await rows.host('alpha')
  const beta = await rows.host('beta')
  const source = await rows.source(host, 'db', { kind: 'vm' })
  const [a] = await rows.pack([texts('a', 2)])
  const disks = []
  for (const [i, name] of ['root disk', 'data'].entries())
    disks.push({
      disk: await rows.disk(source, name, { format: 'qcow2' }),
      ...{ sizeBytes: 7, map: [chunkId(a!, i)] },
    })
  const point = await rows.point(source, await rows.version(source, disks))
  const both = await handlers.planRestore(wish({ ...ELSEWHERE, point, format: 'qcow2' }), CALLER)
  assert.deepEqual(both.files, [
    '/srv/restores/web/db-root_disk.qcow2',
    '/srv/restores/web/db-data.qcow2',
  ])
  const request = wish({ ...ELSEWHERE, point, disks: ['data'], format: 'vmdk', bytesPerSecond: 9 })
  const job = await handlers.startRestore(request, CALLER)
  assert.deepEqual(
    [job.kind, job.state, job.source, job.host],
    ['recovery', 'queued', 'alpha/db', 'beta'],
  )
  const [row] = await database.query(`SELECT host, request, requested_by FROM job WHERE id = $1`, [
    job.id,
  ])
  assert.deepEqual(row, {
    host: beta,
    requested_by: 'ann',
    request: {
      ...{ point, original: false, format: 'vmdk', disks: ['data'], preallocate: false },
      ...{ evenIfOpen: false, folder: '/srv/restores/web', name: 'db', bytesPerSecond: 9 },
    },
  })
  await database.query(`UPDATE host SET incompatible_reason = 'old' WHERE id = $1`, [beta])
  await assert.rejects(handlers.startRestore(request, CALLER), { code: 'version-incompatible' })
})
