import assert from 'node:assert/strict'
import { copyFile, mkdir, open, readFile, stat } from 'node:fs/promises'
import test from 'node:test'
import type { Alert, Event, Host, Job, Point, Source, Status, Storage } from '../../cli/reply.ts'
import type { FailureDocument } from '../../cli/failure.ts'
import { Whole } from './whole.ts'

/*
 * The contract of the command line against a real server and real agents: every shape that scripts
 * rely on, and every exit status, in the order in which somebody would meet them.
 */

const KEYS = {
  point: [
    ...['id', 'version', 'source', 'sequence', 'createdAt', 'capturedAt', 'consistency'],
    ...['hasMemory', 'paused', 'powerState', 'state', 'label', 'comment', 'protected', 'expiresAt'],
    ...['sizeBytes', 'changedBytes', 'sentBytes', 'storedBytes', 'verifiedAt', 'provenAt'],
    ...['parentVersion', 'disks'],
  ],
  pointDisk: ['name', 'sizeBytes', 'transferMode', 'transferReason'],
  source: [
    ...['id', 'name', 'host', 'kind', 'state', 'replicaState', 'replicaReason', 'group'],
    ...['lastPoint', 'disks'],
  ],
  sourceDisk: ['name', 'format', 'sizeBytes', 'protected', 'reason'],
  job: ['id', 'kind', 'state', 'source', 'group', 'progress', 'startedAt', 'finishedAt', 'error'],
  status: ['ok', 'server', 'database', 'store', 'hosts', 'sources', 'alerts'],
  storage: ['volumes', 'storedBytes', 'logicalBytes', 'reclaimableBytes', 'oldestUnverifiedAt'],
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

function assertKeys(document: object | null | undefined, keys: readonly string[]): void {
  assert.ok(document)
  for (const key of keys) assert.ok(Object.hasOwn(document, key), `key ${key}`)
  for (const [key, value] of Object.entries(document)) {
    assert.notEqual(value, undefined, key)
    assert.ok(!key.startsWith('_'), key)
    if (key.endsWith('Bytes')) assert.ok(value === null || typeof value === 'number', key)
    if (key.endsWith('At')) assert.ok(value === null || ISO.test(String(value)), key)
  }
}

interface Entry {
  readonly source: string
  readonly job: string | null
  readonly point: Point | null
  readonly error: FailureDocument | null
}

const CHUNK = 128 * 1024
const SIZE = 40 * CHUNK + 512

/** Bytes that differ at every chunk, a run of zeros, and a last chunk that is short. */
async function makeImage(file: string, salt: number): Promise<void> {
  const image = Buffer.alloc(SIZE)
  for (let at = 0; at < SIZE; at += 4)
    image.writeUInt32LE((at * 2_654_435_761 + salt) >>> 0, at & ~3)
  image.fill(0, 8 * CHUNK, 12 * CHUNK)
  const handle = await open(file, 'w')
  await handle.writeFile(image)
  await handle.close()
}

async function changeChunk(file: string, chunk: number): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.write(Buffer.alloc(1000, 0xa5), 0, 1000, chunk * CHUNK + 77)
  await handle.close()
}

test('the contract, end to end', async (t) => {
  const whole = await Whole.create(t)
  const images = whole.path('images')
  await mkdir(`${images}/web`, { recursive: true })
  await mkdir(whole.path('restores'))
  await makeImage(`${images}/web/root.raw`, 1)
  await makeImage(`${images}/db.raw`, 2)

  await t.test('server run says where it listens and leaves credentials', async () => {
    const ready = await whole.startServer()
    assert.ok(ready.listen.port > 0 && ready.agents.port > 0)
    assert.equal(ready.operatorFile, whole.path('server', 'operator.json'))
    const { mode } = await stat(ready.operatorFile)
    assert.equal(mode & 0o777, 0o600)
  })

  await t.test('a second server on the same folder ends with 1', async () => {
    await assert.rejects(whole.startServer(), /uses the data folder/)
  })

  await t.test('token create; agents join', async () => {
    const { status, document } = await whole.json<{ token: string; expiresAt: string }>(
      ...['token', 'create', '--ttl', '5m'],
    )
    assert.equal(status, 0)
    assertKeys(document, ['token', 'expiresAt'])
    await whole.startAgent('alpha', '--images', images)
    await whole.startAgent('beta', '--restore-root', whole.path('restores'))
    const { document: hosts } = await whole.json<Host[]>('host', 'list')
    assert.deepEqual(hosts.map(({ name, state }) => [name, state]).sort(), [
      ['alpha', 'online'],
      ['beta', 'online'],
    ])
  })

  await t.test('source list and show', async () => {
    const { document: sources } = await whole.json<Source[]>('source', 'list', '--host', 'alpha')
    assert.deepEqual(sources.map(({ name }) => name).sort(), ['alpha/db.raw', 'alpha/web/root.raw'])
    for (const source of sources) {
      assertKeys(source, KEYS.source)
      for (const disk of source.disks) assertKeys(disk, KEYS.sourceDisk)
      assert.equal(source.lastPoint, null)
    }
    const { document } = await whole.json<Source>('source', 'show', 'alpha/db.raw')
    assert.equal(document.disks[0]?.sizeBytes, SIZE)
  })

  await t.test('status --strict before anything is protected: 1', async () => {
    const { status, document } = await whole.json<Status>('status', '--strict')
    assert.equal(status, 1)
    assertKeys(document, KEYS.status)
    const told = await whole.run('status')
    assert.equal(told.status, 0)
    assert.match(told.out, /^re-read: +nothing is stored yet$/m)
  })

  await t.test('point create: one entry a source, also for one that fails', async () => {
    const names = ['alpha/web/root.raw', 'alpha/db.raw', 'alpha/none.raw']
    const { status, document } = await whole.json<Entry[]>(
      ...['point', 'create', ...names, '--label', 'first', '--expires', '30d'],
    )
    assert.equal(status, 1)
    assert.deepEqual(
      document.map(({ source }) => source),
      names,
    )
    for (const { point, error, job } of document.slice(0, 2)) {
      assert.equal(error, null)
      assert.ok(job)
      assertKeys(point, KEYS.point)
      for (const disk of point?.disks ?? []) assertKeys(disk, KEYS.pointDisk)
      assert.equal(point?.disks[0]?.transferMode, 'initial')
      assert.equal(point.label, 'first')
      assert.equal(point.sizeBytes, SIZE)
      assert.equal(point.consistency, 'cold')
    }
    assert.deepEqual(document[2]?.point, null)
    assertKeys(document[2]?.error, ['code', 'message', 'hint'])
  })

  await t.test('a second point has what changed; people see a table', async () => {
    await copyFile(`${images}/db.raw`, whole.path('db-before.raw'))
    await changeChunk(`${images}/db.raw`, 5)
    const { status, out, err } = await whole.run('point', 'create', 'alpha/db.raw')
    assert.equal(status, 0, err)
    assert.match(out, /alpha\/db\.raw +j\S+ +completed/)
    const told = await whole.run('status')
    assert.match(
      told.out,
      /^re-read: +every stored byte was written, or read again, since \d{4}-[\d-]+ [\d:]+Z$/m,
    )
    const { document } = await whole.json<Point[]>('point', 'list', '--source', 'alpha/db.raw')
    assert.equal(document.length, 2)
    const latest = await whole.json<Point>('point', 'show', 'alpha/db.raw@latest')
    assert.equal(latest.document.changedBytes, CHUNK)
    assert.equal(latest.document.disks[0]?.transferMode, 'compared')
    assert.deepEqual((await whole.json<Point[]>('point', 'list', '--label', 'nope')).document, [])
  })

  await t.test('point compare tells the range that differs', async () => {
    const { document: points } = await whole.json<Point[]>(
      ...['point', 'list', '--source', 'alpha/db.raw'],
    )
    const [from, to] = points.sort((a, b) => a.version - b.version).map(({ id }) => id)
    const { document } = await whole.json<{
      disks: { ranges: object[] }[]
      differingBytes: number
    }>(...['point', 'compare', from ?? '', to ?? ''])
    assert.equal(document.differingBytes, CHUNK)
    assert.deepEqual(document.disks[0]?.ranges, [{ offset: 5 * CHUNK, length: CHUNK }])
  })

  await t.test('check and sync', async () => {
    interface Checked extends Entry {
      comparedBytes: number
      differingChunks: number
      sentBytes: number
    }
    const { status, document } = await whole.json<Checked[]>('check', 'alpha/db.raw')
    assert.equal(status, 0)
    assertKeys(document[0], [
      ...['source', 'job', 'point', 'error', 'comparedBytes', 'differingChunks', 'sentBytes'],
    ])
    assert.equal(document[0]?.differingChunks, 0)
    assert.ok(document[0].comparedBytes > 0)
    const synced = await whole.json<Entry[]>('sync', 'alpha/db.raw')
    assert.equal(synced.status, 0)
    assert.equal(synced.document[0]?.point, null)
  })

  await t.test('verify', async () => {
    interface Verified {
      checkedChunks: number
      checkedBytes: number
      damaged: object[]
    }
    const { status, document } = await whole.json<Verified>('verify', '--all')
    assert.equal(status, 0)
    assertKeys(document, ['checkedChunks', 'checkedBytes', 'damaged'])
    assert.ok(document.checkedChunks >= 37)
    assert.deepEqual(document.damaged, [])
    // However soon it was over.
    const jobs = await whole.json<Job[]>('job', 'list', '--kind', 'verification', '--limit', '1')
    const { doneBytes, totalBytes } = jobs.document[0]!.progress!
    assert.ok(doneBytes > 0 && doneBytes === totalBytes)
  })

  await t.test('point comment, protect, delete, undelete', async () => {
    const point = 'alpha/db.raw@latest'
    const comment = await whole.json<Point>('point', 'comment', point, 'before the upgrade')
    assert.equal(comment.document.comment, 'before the upgrade')
    const { id } = (await whole.json<Point>('point', 'protect', point)).document
    const refused = await whole.json<{ error: FailureDocument }>('point', 'delete', id, '--yes')
    assert.equal(refused.status, 1)
    assert.equal(refused.document.error.code, 'point-protected')
    await whole.json('point', 'unprotect', id)
    const unasked = await whole.json<{ error: FailureDocument }>('point', 'delete', id)
    assert.equal(unasked.status, 2)
    assert.equal(unasked.document.error.code, 'confirmation-needed')
    assert.match(unasked.document.error.message, new RegExp(id))
    const preview = await whole.json<{ deleted: boolean }>('point', 'delete', id, '--preview')
    assert.equal(preview.document.deleted, false)
    const deleted = await whole.json<{ deleted: boolean }>('point', 'delete', id, '--yes')
    assert.deepEqual([deleted.status, deleted.document.deleted], [0, true])
    const back = await whole.json<Point>('point', 'undelete', id)
    assert.equal(back.document.state, 'ready')
  })

  await t.test('point create --from one disk of another', async () => {
    const { status, document } = await whole.json<Entry[]>(
      ...['point', 'create', '--from', 'alpha/db.raw@latest', '--disk', 'db.raw'],
    )
    assert.equal(status, 0)
    assert.equal(document[0]?.point?.disks[0]?.transferMode, 'derived')
  })

  await t.test('restore: plan, elsewhere, and where it was', async () => {
    const point = 'alpha/db.raw@latest'
    const elsewhere = ['--to', 'beta', '--path', whole.path('restores')]
    const plan = await whole.json<{ bytes: number; files: string[] }>(
      ...['restore', point, ...elsewhere, '--plan'],
    )
    assertKeys(plan.document, ['bytes', 'seconds', 'warnings'])
    interface Restored {
      job: string
      bytesWritten: number
      files: string[]
      changes: string[]
    }
    const { status, document } = await whole.json<Restored>('restore', point, ...elsewhere)
    assert.equal(status, 0, JSON.stringify(document))
    assertKeys(document, ['job', 'bytesWritten', 'files', 'changes'])
    const original = await readFile(`${images}/db.raw`)
    assert.ok(original.equals(await readFile(document.files[0] ?? '')))

    await changeChunk(`${images}/db.raw`, 20)
    const unasked = await whole.run('restore', point, '--original')
    assert.equal(unasked.status, 2)
    assert.match(unasked.err, /db\.raw/)
    const swapped = await whole.json<Restored>('restore', point, '--original', '--yes')
    assert.equal(swapped.status, 0, JSON.stringify(swapped.document))
    assert.ok(original.equals(await readFile(`${images}/db.raw`)))
  })

  await t.test('restore outside of the restore roots: 1', async () => {
    const { status, document } = await whole.json<{ error: FailureDocument }>(
      ...['restore', 'alpha/db.raw@latest', '--to', 'beta', '--path', '/etc', '--yes'],
    )
    assert.equal(status, 1)
    assert.equal(document.error.code, 'target-refused')
  })

  await t.test('--no-wait returns the job; watch follows it', async () => {
    const { document } = await whole.json<Entry[]>('sync', 'alpha/db.raw', '--no-wait')
    const id = document[0]?.job ?? ''
    const watched = await whole.json<Job>('job', 'watch', id)
    assert.equal(watched.status, 0)
    assertKeys(watched.document, KEYS.job)
    assertKeys(watched.document.progress, ['doneBytes', 'totalBytes', 'bytesPerSecond'])
    assert.equal(watched.document.state, 'completed')
    const { document: jobs } = await whole.json<Job[]>('job', 'list', '--source', 'alpha/db.raw')
    assert.ok(jobs.some((job) => job.id === id))
    const missing = await whole.json<{ error: FailureDocument }>('job', 'show', 'j-none')
    assert.deepEqual([missing.status, missing.document.error.code], [1, 'not-found'])
  })

  await t.test('events, alerts, storage, settings', async () => {
    const { document: events } = await whole.json<Event[]>('event', 'list', '--since', '1h')
    assert.ok(events.length > 3)
    assertKeys(events[0], ['id', 'at', 'kind', 'about', 'message', 'actor'])
    const { document: alerts } = await whole.json<Alert[]>('alert', 'list')
    assert.ok(Array.isArray(alerts))
    const { document: storage } = await whole.json<Storage>('storage', 'status')
    assertKeys(storage, KEYS.storage)
    assertKeys(storage.volumes[0], ['path', 'totalBytes', 'freeBytes'])
    for (const name of ['collect', 'compact']) {
      const { status, document } = await whole.json<Job>('storage', name)
      assert.deepEqual([status, document.state], [0, 'completed'], name)
    }
    const set = await whole.json<Source>(
      ...['source', 'set', 'alpha/db.raw', '--allow-unsettled', 'yes'],
    )
    assert.equal(set.document.allowUnsettled, true)
    const throttled = await whole.json<Host>('host', 'throttle', 'alpha', '--rate', '50MiB')
    assert.equal(throttled.document.bytesPerSecond, 50 * 2 ** 20)
  })

  await t.test('host rename and revoke', async () => {
    const { document } = await whole.json<Host>('host', 'rename', 'beta', 'gamma')
    assert.equal(document.name, 'gamma')
    assert.equal((await whole.run('host', 'revoke', 'gamma')).status, 2)
    const revoked = await whole.json<Host>('host', 'revoke', 'gamma', '--yes')
    assert.deepEqual([revoked.status, revoked.document.state], [0, 'revoked'])
  })

  await t.test('SIGTERM stops the server with 0; then commands end with 3', async () => {
    assert.equal(await whole.stopServer(), 0)
    const { status, document } = await whole.json<{ error: FailureDocument }>('status')
    assert.deepEqual([status, document.error.code], [3, 'server-unreachable'])
  })
})
