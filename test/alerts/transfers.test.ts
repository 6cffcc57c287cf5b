import assert from 'node:assert/strict'
import test from 'node:test'
import { Watched } from './watched.ts'

const MIB = 1024 ** 2

interface Made {
  readonly mode?: string
  readonly reason?: string | null
  readonly changed?: number
  readonly sent?: number
}

/** A version of a disk of 1 GiB whose figures are what the test says; gives its id. */
async function version(watched: Watched, source: string, made: Made): Promise<number> {
  const [disk] = await watched.database.query<{ id: number }>(
    `SELECT id FROM disk WHERE data_source = $1`,
    [source],
  )
  const id = await watched.rows.version(source, [])
  const { mode = 'tracked', reason = null, changed = 0, sent = 0 } = made
  await watched.database.query(
    `INSERT INTO version_disk (version, disk, ordinal, size_bytes, format, transfer_mode,
            transfer_reason, digest_root, changed_bytes, sent_bytes)
     VALUES ($1, $2, 0, $3, 'raw', $4, $5, '', $6, $7)`,
    [id, disk!.id, 1024 * MIB, mode, reason, changed, sent],
  )
  return id
}

test('comparison instead of tracking is told after two in a row, and over with the next that is tracked', async (t) => {
  const watched = await Watched.create(t)
  const vm = await watched.planned.source('vm', false)
  const image = await watched.planned.source('image.raw', false)
  await version(watched, vm, { mode: 'initial' })
  await version(watched, vm, { mode: 'compared', reason: 'bitmap-inconsistent' })
  await version(watched, vm, { mode: 'compared', reason: 'scheduled-audit' })
  for (let i = 0; i < 4; i++)
    await version(watched, image, { mode: 'compared', reason: 'no-tracker' })
  await watched.look()
  assert.deepEqual(await watched.open(), [], 'one, and an audit; and what has no tracker at all')
  await version(watched, vm, { mode: 'compared', reason: 'bitmap-absent' })
  await watched.look()
  assert.deepEqual(await watched.open(), ['repeated-comparison alpha/vm warning'])
  assert.match((await watched.alert('repeated-comparison')).cause, /disk vm \(bitmap-absent\)/)
  await version(watched, vm, { mode: 'compared', reason: 'bitmap-absent' })
  await watched.look()
  assert.equal((await watched.alert('repeated-comparison')).count, 2)
  await version(watched, vm, {})
  await watched.look()
  assert.deepEqual(await watched.open(), [])
})

test('a disk that changes unlike before is told: by how much, or by bytes that do not compress', async (t) => {
  const watched = await Watched.create(t)
  const usual = { changed: 10 * MIB, sent: 4 * MIB }
  const names = ['calm', 'flooded', 'encrypted', 'young', 'films']
  const [calm, flooded, encrypted, young, films] = await Promise.all(
    names.map((name) => watched.planned.source(name, false)),
  )
  for (const source of [calm!, flooded!, encrypted!]) {
    await version(watched, source, { mode: 'initial', changed: 900 * MIB, sent: 300 * MIB })
    for (let i = 0; i < 5; i++) await version(watched, source, usual)
  }
  for (let i = 0; i < 5; i++) await version(watched, films!, { changed: 30 * MIB, sent: 30 * MIB })
  await version(watched, young!, usual)
  await watched.look()
  assert.deepEqual(await watched.open(), [])
  await version(watched, calm!, { changed: 60 * MIB, sent: 25 * MIB })
  await version(watched, flooded!, { changed: 400 * MIB, sent: 150 * MIB })
  await version(watched, encrypted!, { changed: 50 * MIB, sent: 50 * MIB })
  await version(watched, young!, { changed: 800 * MIB, sent: 800 * MIB })
  await version(watched, films!, { changed: 60 * MIB, sent: 60 * MIB })
  await watched.look()
  await watched.look()
  assert.deepEqual(await watched.open(), [
    'suspicious-change alpha/encrypted critical',
    'suspicious-change alpha/flooded critical',
  ])
  const causes = (await watched.alerts()).map(({ cause, count }) => `${count} ${cause}`).sort()
  assert.deepEqual(causes, [
    '1 alpha/encrypted changed unlike before: what changed compresses to 100 %, usually to 40 %; 4.9 % of it at once, usually 1.0 %',
    '1 alpha/flooded changed unlike before: 39 % of it at once, usually 1.0 %',
  ])
  await version(watched, encrypted!, { changed: 300 * MIB, sent: 299 * MIB })
  await watched.look()
  assert.deepEqual((await watched.alerts()).map(({ count }) => count).sort(), [1, 2], 'it goes on')
  await watched.set(`UPDATE alert SET last_seen_at = now() - interval '15 days'`)
  await watched.look()
  assert.deepEqual(await watched.open(), [])
})

test('a guest that was not frozen though its group wants it', async (t) => {
  const watched = await Watched.create(t)
  const { planned, rows } = watched
  const vm = await planned.source('vm', false)
  const make = async (consistency: string, powerState = 'running') => {
    const id = await rows.version(vm, [], { consistency })
    await watched.set(`UPDATE version SET power_state = $2 WHERE id = $1`, id, powerState)
    await watched.look()
  }
  await planned.group('vms', { consistency: 'filesystem', points: 'none' }, [vm])
  await make('filesystem')
  assert.deepEqual(await watched.open(), [])
  await make('crash')
  assert.deepEqual(await watched.open(), ['guest-freeze-failed alpha/vm warning'])
  await make('crash')
  assert.equal((await watched.alert('guest-freeze-failed')).count, 2)
  await make('cold', 'off')
  assert.deepEqual(await watched.open(), [], 'it is off')
  await make('crash')
  await watched.set(`UPDATE protection_group SET settings = settings || '{"consistency": "crash"}'`)
  await watched.look()
  assert.deepEqual(await watched.open(), [], 'nobody wants it any more')
})

test('what somebody ran by hand and failed is told until it succeeds; what a schedule retries is not', async (t) => {
  const watched = await Watched.create(t)
  const { planned, rows } = watched
  const [mine, due] = [await planned.source('mine'), await planned.source('due')]
  const error = { code: 'source-unreadable', message: 'no such file' }
  const failed = async (source: string, kind: string, by: string) => {
    const id = await rows.job({ kind, state: 'failed', source, error })
    await watched.set(`UPDATE job SET requested_by = $2 WHERE id = $1`, id, by)
    await watched.look()
  }
  await failed(mine, 'synchronization', 'ann')
  await failed(due, 'synchronization', 'schedule')
  assert.deepEqual(await watched.open(), ['synchronization-failed alpha/mine warning'])
  await watched.look()
  const { cause, command, count } = await watched.alert('synchronization-failed')
  assert.match(cause, /no such file/)
  assert.equal(command, 'holdfast sync alpha/mine')
  assert.equal(count, 1)
  await rows.job({ kind: 'recovery-point', source: mine })
  await watched.look()
  assert.deepEqual(await watched.open(), [])
  await failed(mine, 'consistency-check', 'ann')
  await rows.job({ kind: 'recovery-point', source: mine })
  await watched.look()
  assert.deepEqual(await watched.open(), ['consistency-check-failed alpha/mine warning'])
  await rows.job({ kind: 'consistency-check', source: mine })
  await watched.look()
  assert.deepEqual(await watched.open(), [])
})
