import assert from 'node:assert/strict'
import test from 'node:test'
import { addSample, CALLER, startService } from './service.ts'

const start = (kind: string, ...sources: string[]) => ({
  ...{ sources, kind, protect: false, inconsistentOnly: false },
})

test('transfers: one answer a source, in order, and what fails for one stops no other', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { host, source } = await addSample(rows)
  const fresh = await rows.source(host, 'fresh.raw')
  await rows.disk(fresh, 'fresh.raw')
  await rows.source(host, 'gone.raw', { present: false })
  const refused = await rows.source(host, 'diff.vhd')
  const disk = await rows.disk(refused, 'diff.vhd')
  await database.query(
    `UPDATE disk SET protectable = false, reason = 'differencing' WHERE id = $1`,
    [disk],
  )
  await rows.source(await rows.host('beta', { online: false }), 'b.raw')
  const request = {
    ...start('point', 'alpha/web.raw', 'alpha/fresh.raw', 'alpha/gone.raw', 'alpha/diff.vhd'),
    ...{ label: 'x', expiresAt: '2030-01-01T00:00:00Z', protect: true },
  }
  request.sources.push('alpha/none', 'alpha/web.raw')
  const { starts } = await handlers.startTransfers(request, CALLER)
  assert.deepEqual(
    starts.map(({ source: name, job, error }) => [name, job !== undefined, error?.code]),
    [
      ['alpha/web.raw', true, undefined],
      ['alpha/fresh.raw', true, undefined],
      ['alpha/gone.raw', false, 'source-missing'],
      ['alpha/diff.vhd', false, 'source-not-protectable'],
      ['alpha/none', false, 'not-found'],
    ],
  )
  const rowsOf = await database.query(
    `SELECT kind, state, data_source, host, request, requested_by, priority FROM job ORDER BY queued_at`,
  )
  const shared = { state: 'queued', host, requested_by: 'ann', priority: 10 }
  const asked = { kind: 'point', label: 'x', expiresAt: '2030-01-01T00:00:00.000Z', protect: true }
  assert.deepEqual(rowsOf, [
    { kind: 'recovery-point', data_source: source, request: asked, ...shared },
    { kind: 'initial-replication', data_source: fresh, request: asked, ...shared },
  ])
  const again = await handlers.startTransfers(start('synchronize', 'alpha/web.raw'), CALLER)
  assert.equal(again.starts[0]?.error?.code, 'job-running')
})

test('transfers that are refused', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { host } = await addSample(rows)
  const fresh = await rows.source(host, 'fresh.raw')
  await rows.disk(fresh, 'fresh.raw')
  const memory = { ...start('point', 'alpha/fresh.raw'), memory: true }
  const bodiless = await handlers.startTransfers(memory, CALLER)
  assert.equal(
    bodiless.starts[0]?.error?.message,
    'alpha/fresh.raw is no VM: it has no memory to save',
  )
  const check = await handlers.startTransfers(start('check', 'alpha/fresh.raw'), CALLER)
  assert.match(check.starts[0]?.error?.hint ?? '', /point create/)
  await assert.rejects(handlers.startTransfers(start('copy', 'alpha/web.raw'), CALLER), {
    code: 'invalid-argument',
  })
  await assert.rejects(
    handlers.startTransfers({ ...start('point', 'alpha/web.raw'), expiresAt: 'soon' }, CALLER),
    { code: 'invalid-argument' },
  )
  await database.query(`UPDATE host SET incompatible_reason = 'old' WHERE id = $1`, [host])
  const old = await handlers.startTransfers(start('point', 'alpha/web.raw'), CALLER)
  assert.equal(old.starts[0]?.error?.code, 'version-incompatible')
  await database.query(`UPDATE host SET revoked_at = now() WHERE id = $1`, [host])
  const revoked = await handlers.startTransfers(start('point', 'alpha/web.raw'), CALLER)
  assert.equal(revoked.starts[0]?.error?.code, 'host-revoked')
})

test('of a group, those that are inconsistent alone', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { host, source } = await addSample(rows)
  const other = await rows.source(host, 'other.raw')
  await database.query(
    `INSERT INTO protection_group (id, name, settings, created_at, changed_at)
     VALUES ('group-1', 'daily', '{}', now(), now())`,
  )
  await database.query(
    `INSERT INTO group_member (data_source, protection_group, added_at, added_by,
                               points_until, syncs_until, checks_until)
       SELECT id, 'group-1', now(), 'ann', now(), now(), now() FROM unnest($1::text[]) AS member (id)`,
    [[source, other]],
  )
  const asked = { ...start('check'), group: 'daily' }
  const few = { ...asked, inconsistentOnly: true }
  assert.deepEqual((await handlers.startTransfers(few, CALLER)).starts, [])
  await database.query(`UPDATE data_source SET replica_state = 'inconsistent' WHERE id = $1`, [
    source,
  ])
  const { starts } = await handlers.startTransfers(few, CALLER)
  assert.deepEqual(
    starts.map((one) => [one.source, one.job !== undefined]),
    [['alpha/web.raw', true]],
  )
  const all = await handlers.startTransfers({ ...asked, inconsistentOnly: false }, CALLER)
  assert.equal(all.starts.length, 2)
})

test('a job has the shape that scripts rely on, with what came of it', async (t) => {
  const { handlers, rows } = await startService(t)
  const { source, host, second } = await addSample(rows)
  const disks = [
    {
      ...{ name: 'web.raw', transferMode: 'compared', transferReason: 'no-tracker' },
      ...{ readBytes: 4, sentBytes: 3, storedBytes: 2, changedBytes: 1 },
    },
  ]
  const check = { comparedBytes: 9, differingChunks: 8, sentBytes: 7 }
  const result = { point: second, versionUid: 'v', disks, check }
  const id = await rows.job({ kind: 'consistency-check', source, host, result, totalBytes: 5 })
  const { queuedAt, startedAt, finishedAt, point, ...job } = await handlers.getJob(
    { job: id },
    CALLER,
  )
  assert.ok(queuedAt && startedAt && finishedAt)
  assert.equal(point?.id, second)
  assert.deepEqual(job, {
    ...{
      id,
      kind: 'consistency-check',
      state: 'completed',
      source: 'alpha/web.raw',
      host: 'alpha',
    },
    ...{ progress: { doneBytes: 5, totalBytes: 5, bytesPerSecond: 0 }, warnings: [], attempt: 0 },
    ...{ check, disks },
  })
  const error = { code: 'source-missing', message: 'gone', hint: 'look' }
  const failed = await rows.job({ kind: 'recovery', state: 'failed', error })
  const shown = await handlers.getJob({ job: failed }, CALLER)
  assert.deepEqual([shown.error, shown.source, shown.point], [error, undefined, undefined])
  const damaged = [
    { point: second, source: 'alpha/web.raw', disk: 'web.raw', offset: 0, length: 1 },
  ]
  const verification = { checkedChunks: 3, checkedBytes: 4, damaged }
  const verified = await rows.job({ kind: 'verification', result: { verification } })
  assert.deepEqual((await handlers.getJob({ job: verified }, CALLER)).verification, verification)
  await assert.rejects(handlers.getJob({ job: 'job-none' }, CALLER), { code: 'not-found' })
})

test('jobs are listed newest first, by state and source', async (t) => {
  const { handlers, rows } = await startService(t)
  const { source } = await addSample(rows)
  const one = await rows.job({ kind: 'recovery-point', source })
  const two = await rows.job({ kind: 'collection', state: 'failed' })
  const list = async (request: { state?: string; source?: string; limit: number }) =>
    (await handlers.listJobs(request, CALLER)).jobs.map((job) => job.id)
  assert.deepEqual(await list({ limit: 0 }), [two, one])
  assert.deepEqual(await list({ limit: 1 }), [two])
  assert.deepEqual(await list({ limit: 0, source: 'alpha/web.raw' }), [one])
  assert.deepEqual(await list({ limit: 0, state: 'failed' }), [two])
  await assert.rejects(list({ limit: 0, state: 'odd' }), { code: 'invalid-argument' })
})

test('watching a job tells of each change and ends when it ends, or when nobody watches', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { source, host } = await addSample(rows)
  const id = await rows.job({ kind: 'recovery-point', state: 'running', source, host })
  const { signal } = new AbortController()
  const states: string[] = []
  for await (const job of handlers.watchJob({ job: id }, CALLER, signal)) {
    states.push(`${job.state} ${job.progress?.doneBytes}`)
    if (states.length === 1)
      await database.query(`UPDATE job SET done_bytes = 5 WHERE id = $1`, [id])
    if (states.length === 2)
      await database.query(`UPDATE job SET state = 'completed' WHERE id = $1`, [id])
  }
  assert.deepEqual(states, ['running 0', 'running 5', 'completed 5'])
  const waits = await rows.job({ kind: 'collection', state: 'queued' })
  const leaving = new AbortController()
  for await (const job of handlers.watchJob({ job: waits }, CALLER, leaving.signal)) {
    assert.equal(job.state, 'queued')
    leaving.abort()
  }
})

test('cancel, verify, collect and compact reach the queue', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { first } = await addSample(rows)
  const verify = await handlers.startVerify(
    { points: ['alpha/web.raw@1', first], all: false },
    CALLER,
  )
  const [row] = await database.query(`SELECT request, host FROM job WHERE id = $1`, [verify.id])
  assert.deepEqual(row, { request: { points: [first], all: false }, host: null })
  const all = await handlers.startVerify({ points: [], all: true }, CALLER)
  assert.equal(all.kind, 'verification')
  for (const request of [
    { points: [], all: false },
    { points: [first], all: true },
  ])
    await assert.rejects(handlers.startVerify(request, CALLER), { code: 'invalid-argument' })
  const collect = await handlers.startCollect({}, CALLER)
  const compact = await handlers.startCompact({}, CALLER)
  assert.deepEqual([collect.kind, compact.kind], ['collection', 'compaction'])
  const cancelled = await handlers.cancelJob({ job: collect.id }, CALLER)
  assert.equal(cancelled.state, 'cancelled')
  await assert.rejects(handlers.cancelJob({ job: 'job-none' }, CALLER), { code: 'not-found' })
})
