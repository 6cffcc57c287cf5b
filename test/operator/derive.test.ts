import assert from 'node:assert/strict'
import test from 'node:test'
import { chunkId } from '../../core/model/chunk-id.ts'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import { readPages } from '../../server/catalog/pages.ts'
import { CALLER, startService, texts, type Service } from './service.ts'

const CHUNKS = 1500

async function addVm({ rows }: Service) {
  const host = await rows.host('alpha')
  const source = await rows.source(host, 'db', { kind: 'vm', uuid: 'u-1' })
  const [root, data] = [await rows.disk(source, 'root'), await rows.disk(source, 'data')]
  const [a] = await rows.pack([texts('a', 20)])
  const rootMap = new Array<number>(CHUNKS).fill(0)
  for (let i = 0; i < 10; i++) rootMap[1020 + i] = chunkId(a!, i)
  const sizeBytes = CHUNKS * CHUNK_BYTES - 100
  const shape = { disk: root, sizeBytes }
  const other = { disk: data, sizeBytes: 7, map: [chunkId(a!, 15)] }
  const v1 = await rows.version(source, [{ ...other }, { ...shape, map: rootMap }])
  const later = [...rootMap]
  later[1499] = chunkId(a!, 16)
  const v2 = await rows.version(source, [
    { ...other, before: other.map },
    { ...shape, map: later, before: rootMap },
  ])
  const first = await rows.point(source, v1, { daysAgo: 1 })
  const second = await rows.point(source, v2)
  return { source, first, second, maps: [rootMap, later] as const, sizeBytes }
}

test('a disk of a point becomes a point of its own, of the same chunks', async (t) => {
  const service = await startService(t)
  const { handlers, database, store } = service
  const { first, second, sizeBytes } = await addVm(service)
  const point = await handlers.createPointFrom(
    { point: first, disk: 'root', label: 'disk' },
    CALLER,
  )
  assert.deepEqual(
    [point.source, point.sequence, point.state, point.label, point.sizeBytes, point.storedBytes],
    ['alpha/db:root', 1, 'ready', 'disk', sizeBytes, 0],
  )
  assert.deepEqual(
    point.disks.map(({ name, transferMode }) => ({ name, transferMode })),
    [{ name: 'root', transferMode: 'derived' }],
  )
  assert.ok(point.parentVersion)
  const source = await handlers.getSource({ source: 'alpha/db:root' }, CALLER)
  assert.deepEqual(
    [source.kind, source.state, source.points, source.replicaState],
    ['derived', 'present', 1, 'ok'],
  )
  const same = await handlers.comparePoints({ from: point.id, to: point.id }, CALLER)
  assert.equal(same.differingBytes, 0)

  // A further one builds on it: only the page that differs is there again.
  const next = await handlers.createPointFrom({ point: second, disk: 'root' }, CALLER)
  assert.deepEqual([next.source, next.sequence], ['alpha/db:root', 2])
  const [disk] = await database.query<{ id: number }>(
    `SELECT id FROM disk WHERE data_source = $1`,
    [source.id],
  )
  const pages = await readPages(database, disk!.id, next.version, 0, 1)
  assert.deepEqual(
    pages.map(({ page, version }) => ({ page, version })),
    [
      { page: 0, version: point.version },
      { page: 1, version: next.version },
    ],
  )
  const { disks } = await handlers.comparePoints({ from: point.id, to: next.id }, CALLER)
  assert.deepEqual(disks[0]?.ranges, [{ offset: 1499 * CHUNK_BYTES, length: CHUNK_BYTES - 100 }])

  // As any transfer: manifests in the store, no hold, pin or open transfer left, a job that ended.
  const manifests: string[] = []
  for await (const name of store.listManifests()) manifests.push(name)
  assert.equal(manifests.length, 2)
  const left = await database.query(
    `SELECT (SELECT count(*) FROM hold) AS holds, (SELECT count(*) FROM pin) AS pins,
            (SELECT count(*) FROM transfer WHERE state = 'open') AS open`,
  )
  assert.deepEqual(left, [{ holds: 0, pins: 0, open: 0 }])
  const { jobs } = await handlers.listJobs({ source: 'alpha/db:root', limit: 0 }, CALLER)
  assert.deepEqual(
    jobs.map((job) => job.state),
    ['completed', 'completed'],
  )
  assert.equal(jobs[0]?.point?.id, next.id)
})

test('what was derived is no source to transfer from, and may be deleted to the last point', async (t) => {
  const service = await startService(t)
  const { handlers } = service
  const { first } = await addVm(service)
  const point = await handlers.createPointFrom({ point: first, disk: 'data' }, CALLER)
  const request = {
    sources: ['alpha/db:data'],
    kind: 'point',
    protect: false,
    inconsistentOnly: false,
  }
  const { starts } = await handlers.startTransfers(request, CALLER)
  assert.equal(starts[0]?.error?.code, 'source-not-protectable')
  const deletion = await handlers.deletePoint({ point: point.id, preview: false }, CALLER)
  assert.equal(deletion.deleted, true)
  const status = await handlers.getStatus({}, CALLER)
  assert.deepEqual(status.sources, { protected: 1, unprotected: 0, late: 0 })
})

test('derivations that are refused', async (t) => {
  const service = await startService(t)
  const { handlers, database } = service
  const { first, second } = await addVm(service)
  const derive = (point: string, disk: string) => handlers.createPointFrom({ point, disk }, CALLER)
  await assert.rejects(derive(first, 'swap'), { code: 'not-found', hint: /data, root/ })
  await assert.rejects(derive(first, ''), { code: 'invalid-argument' })
  await database.query(`UPDATE recovery_point SET state = 'damaged' WHERE id = $1`, [second])
  await assert.rejects(derive(second, 'root'), { code: 'point-damaged' })
  await database.query(`UPDATE recovery_point SET state = 'deleted' WHERE id = $1`, [second])
  await assert.rejects(derive(second, 'root'), { code: 'not-found' })
  const holds = await database.query(`SELECT FROM hold`)
  assert.equal(holds.length, 0)
})

test('a derivation that fails leaves nothing behind, and the next one succeeds', async (t) => {
  const service = await startService(t)
  const { handlers, database, store } = service
  const { first } = await addVm(service)
  const failing = t.mock.method(store, 'writeManifest', () => Promise.reject(new Error('planned')))
  await assert.rejects(handlers.createPointFrom({ point: first, disk: 'root' }, CALLER))
  failing.mock.restore()
  const left = await database.query(
    `SELECT (SELECT count(*) FROM hold) AS holds,
            (SELECT count(*) FROM transfer WHERE state = 'open') AS open,
            (SELECT count(*) FROM job WHERE state IN ('queued', 'running')) AS jobs`,
  )
  assert.deepEqual(left, [{ holds: 0, open: 0, jobs: 0 }])
  const point = await handlers.createPointFrom({ point: first, disk: 'root' }, CALLER)
  assert.equal(point.state, 'ready')

  // A server that was killed in the middle could not tidy up.
  await database.query(
    `INSERT INTO job (id, kind, state, epoch, data_source, expires_at)
     SELECT 'job-left', 'recovery-point', 'running', 1, data_source, now() - interval '1 second'
       FROM version WHERE id = $1`,
    [point.version],
  )
  await database.query(
    `INSERT INTO transfer (id, data_source, version_uid, base, job)
     SELECT 'transfer-left', data_source, 'v-left', id, 'job-left' FROM version WHERE id = $1`,
    [point.version],
  )
  const next = await handlers.createPointFrom({ point: first, disk: 'root' }, CALLER)
  assert.equal(next.sequence > point.sequence, true)
})
