import assert from 'node:assert/strict'
import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { systemClock } from '../../core/runtime/clock.ts'
import type { Database } from '../../server/catalog/database.ts'
import { writeCatalogSnapshot } from '../../server/flows/catalog-snapshot.ts'
import { rebuildCatalog, type RebuildOutcome } from '../../server/flows/rebuild/rebuild.ts'
import {
  encodePointDocument,
  encodeTombstone,
  pointDocumentName,
  tombstoneName,
} from '../../server/store/point-document.ts'
import { manifestName } from '../../server/store/manifest.ts'
import { packPath } from '../../server/store/store-layout.ts'
import { testDatabase } from '../support/database.ts'
import { seeds, StoredPoints, type WrittenPoint } from '../support/stored-points.ts'

/** All that a rebuild owes, in an order that two catalogs can be compared by. */
const TABLES = {
  segment: `SELECT segment.id, pack.name, base_offset, count, algorithm, digests, lengths, holes
              FROM segment JOIN pack ON pack.id = segment.pack ORDER BY segment.id`,
  page: `SELECT * FROM page ORDER BY disk, page, version`,
  version: `SELECT * FROM version ORDER BY id`,
  version_disk: `SELECT * FROM version_disk ORDER BY version, disk`,
  recovery_point: `SELECT * FROM recovery_point ORDER BY id`,
  disk: `SELECT id, data_source, name, chunk_bytes, path, format, size_bytes FROM disk ORDER BY id`,
  data_source: `SELECT id, host, key, name, kind, uuid, tenant, owner, replica_state, last_sequence
                  FROM data_source ORDER BY id`,
  host: `SELECT id, name, tenant FROM host ORDER BY id`,
  pack: `SELECT name, state, first_segment, bytes, generation FROM pack ORDER BY name`,
  digest_hook: `SELECT prefix, id FROM digest_hook ORDER BY id`,
  identity: `SELECT catalog_id, store_id, generation FROM catalog_identity`,
}

async function contentOf(database: Database): Promise<Record<string, unknown[]>> {
  const content: Record<string, unknown[]> = {}
  for (const [name, text] of Object.entries(TABLES)) content[name] = await database.query(text)
  return content
}

function rebuild(database: Database, under: StoredPoints): Promise<RebuildOutcome> {
  return rebuildCatalog({ database, store: under.store, progress: () => {} })
}

const first = seeds(1, 1101)
const changed = [...first.slice(0, 1030), 7000, ...first.slice(1031)]

/** Two sources; the second page of a's disk changes, then the disk grows; b shares a chunk. */
async function history(t: TestContext) {
  const under = await StoredPoints.create(t)
  await under.source('a')
  await under.source('b')
  const points: WrittenPoint[] = [
    await under.point('a', [first, [0, 5000, 0]], 'first'),
    await under.point('a', [changed, [0, 5000, 0]]),
    await under.point('b', [[0, 3, 0, 6000]]),
    await under.point(
      'a',
      [
        [...changed, 0, 0, 8000],
        [0, 5000, 0],
      ],
      'grown',
    ),
  ]
  return { under, points }
}

test('a lost catalog comes back as it was, from the store alone', async (t) => {
  const { under } = await history(t)
  const database = await testDatabase(t)
  const outcome = await rebuild(database, under)
  assert.deepEqual(outcome.warnings, [])
  assert.deepEqual([outcome.versions, outcome.points, outcome.deletedPoints], [4, 4, 0])
  assert.deepEqual(await contentOf(database), await contentOf(under.database))
  const again = await rebuild(database, under)
  assert.deepEqual([again.versions, again.warnings], [0, []])
  assert.deepEqual(await contentOf(database), await contentOf(under.database))
})

test('ids that come rise above those that were found', async (t) => {
  const { under } = await history(t)
  const database = await testDatabase(t)
  await rebuild(database, under)
  const [next] = await database.query<Record<string, number>>(
    `SELECT nextval('segment_id') AS segment, (SELECT max(id) FROM segment) AS last_segment,
            nextval(pg_get_serial_sequence('version', 'id')) AS version,
            (SELECT max(id) FROM version) AS last_version,
            nextval(pg_get_serial_sequence('disk', 'id')) AS disk,
            (SELECT max(id) FROM disk) AS last_disk`,
  )
  assert.ok(next!['segment']! > next!['last_segment']! && next!['segment']! % 64 === 0)
  assert.ok(next!['version']! > next!['last_version']!)
  assert.ok(next!['disk']! > next!['last_disk']!)
})

test('what changed after the manifest counts, and deleted points stay deleted', async (t) => {
  const { under, points } = await history(t)
  const [one, two, three, gone] = points as [WrittenPoint, WrittenPoint, WrittenPoint, WrittenPoint]
  const document = {
    ...{ id: one.point, dataSource: 'a', sequence: one.sequence, versionUid: one.versionUid },
    ...{ state: 'suspect' as const, stateBefore: null, label: 'renamed', comment: 'keep this' },
    ...{ protected: true, expiresAt: '2030-01-01T00:00:00.000Z', provenAt: null },
    ...{ lockedUntil: '2029-01-01T00:00:00.000Z', verifiedAt: '2026-05-01T00:00:00.000Z' },
    createdAt: '2026-01-01T00:01:00.000Z',
  }
  await under.store.writeDocument(pointDocumentName(document), encodePointDocument(document))
  const dead = (id: string, point: WrittenPoint) => ({
    ...{ id, dataSource: 'a', sequence: point.sequence, versionUid: point.versionUid },
    ...{ createdAt: '2026-01-01T00:02:00.000Z', deletedAt: '2026-03-01T00:00:00.000Z' },
    ...{ deletedBy: 'admin', deletionReason: 'no room', stateBefore: 'ready', summary: { a: 1 } },
  })
  const tombstones = [dead(two.point, two), dead('point-long-gone', two)]
  for (const tombstone of tombstones)
    await under.store.writeDocument(tombstoneName(tombstone.id), encodeTombstone(tombstone))
  await under.store.removeManifest(manifestName('a', gone.sequence, gone.versionUid))
  const database = await testDatabase(t)
  const outcome = await rebuild(database, under)
  assert.deepEqual([outcome.points, outcome.deletedPoints], [2, 2])
  const rows = await database.query(
    `SELECT id, version, state, state_before, label, comment, protected,
            expires_at::text AS expires, locked_until IS NOT NULL AS locked,
            verified_at IS NOT NULL AS verified, deleted_by, summary
       FROM recovery_point ORDER BY id`,
  )
  const blank = { label: null, comment: null, protected: false, expires: null, locked: false }
  const ready = { state: 'ready', state_before: null, deleted_by: null, summary: null }
  const deleted = {
    state: 'deleted',
    state_before: 'ready',
    deleted_by: 'admin',
    summary: { a: 1 },
  }
  assert.deepEqual(
    rows.map(({ expires, ...row }) => ({ ...row, expires: expires === null ? null : 'set' })),
    [
      {
        ...{ id: one.point, version: one.version, ...ready, state: 'suspect', label: 'renamed' },
        ...{ comment: 'keep this', protected: true, expires: 'set', locked: true, verified: true },
      },
      { id: two.point, version: two.version, ...blank, verified: false, ...deleted },
      { id: three.point, version: three.version, ...blank, verified: false, ...ready },
      { id: 'point-long-gone', version: null, ...blank, verified: false, ...deleted },
    ],
  )
})

test('an older catalog is brought up to its store', async (t) => {
  const { under } = await history(t)
  const whole = await contentOf(under.database)
  await rollBack(under.database, 2)
  const outcome = await rebuild(under.database, under)
  assert.deepEqual([outcome.versions, outcome.warnings], [2, []])
  assert.deepEqual(await contentOf(under.database), whole)
  await under.point('a', [[...changed, 9000]], 'and it goes on')
})

/** The catalog as it was when version `last` was its newest. */
async function rollBack(database: Database, last: number): Promise<void> {
  const newer = `(SELECT pack.id FROM pack WHERE generation > ${last})`
  await database.query(`DELETE FROM recovery_point WHERE version > ${last}`)
  await database.query(`DELETE FROM version_disk WHERE version > ${last}`)
  await database.query(`DELETE FROM page WHERE version > ${last}`)
  await database.query(`DELETE FROM version WHERE id > ${last}`)
  await database.query(
    `DELETE FROM digest_hook WHERE id >> 10 IN (SELECT id FROM segment WHERE pack IN ${newer})`,
  )
  await database.query(`DELETE FROM segment WHERE pack IN ${newer}`)
  await database.query(`DELETE FROM pack WHERE generation > ${last}`)
  await database.query(`UPDATE catalog_identity SET generation = ${last}`)
  await database.query(`UPDATE data_source SET last_sequence = 0, replica_state = 'none'`)
  await database.query(`ALTER SEQUENCE segment_id RESTART 128`)
}

test('a catalog of another store is refused', async (t) => {
  const { under } = await history(t)
  const other = await history(t)
  await other.under.database.query(`UPDATE catalog_identity SET catalog_id = 'catalog-else'`)
  await assert.rejects(rebuild(other.under.database, under), { code: 'store-foreign' })
})

test('a snapshot brings back what points are not', async (t) => {
  const { under } = await history(t)
  const { database: old, store } = under
  await old.query(
    `INSERT INTO operator (id, name, role) VALUES ('o-1', 'admin', 'admin'), ('o-2', 'ann', 'viewer')`,
  )
  await old.query(
    `INSERT INTO operator_token (id, operator, hash, expires_at)
     VALUES ('t-1', 'o-1', '\\xff00', NULL), ('t-2', 'o-2', '\\xff01', now() + interval '90 days')`,
  )
  await old.query(`INSERT INTO operator_scope VALUES ('o-2', 'tenant', 'acme')`)
  await old.query(
    `INSERT INTO subscriber (id, kind, address, secret, severities, digest, added_by, reports)
     VALUES ('s-1', 'mail', 'ops@example.org', NULL, '{critical}', true, 'admin', '{day,month}'),
            ('s-2', 'webhook', 'https://hooks.example.org/', 'signs', '{warning}', false, 'ann', '{}')`,
  )
  await old.query(
    `UPDATE host SET revoked_at = now(), restore_roots = '{/srv,/tmp}', certificate_serial = '0a'`,
  )
  await old.query(`UPDATE data_source SET allow_unsettled = true WHERE id = 'b'`)
  const authority = [{ pem: 'sealed' }]
  await writeCatalogSnapshot({ database: old, store, clock: systemClock }, { authority })
  const database = await testDatabase(t)
  const { snapshot } = await rebuild(database, under)
  assert.deepEqual(snapshot?.tables['authority'], authority)
  const kept = [
    'operator',
    'operator_token',
    'operator_scope',
    'host',
    'data_source',
    'disk',
    'subscriber',
  ]
  for (const table of kept)
    assert.deepEqual(
      await database.query(`SELECT * FROM ${table} ORDER BY 1`),
      await old.query(`SELECT * FROM ${table} ORDER BY 1`),
    )
  assert.deepEqual(await contentOf(database), await contentOf(old))
  await database.query(`UPDATE host SET revoked_at = NULL, name = 'as it was in an older dump'`)
  await rebuild(database, under)
  const [host] = await database.query(`SELECT name, revoked_at IS NOT NULL AS revoked FROM host`)
  assert.deepEqual(host, { name: 'as it was in an older dump', revoked: true })
})

test('what is damaged or missing is said, and the rest comes back', async (t) => {
  const { under, points } = await history(t)
  const place = (pack: number) => packPath(under.folder, under.packs[pack]?.name ?? '')
  await truncate(place(0), (await readFile(place(0))).length - 10) // no trailer: walked
  await rm(place(2)) // chunk 7000
  const second = points[1]!
  const manifest = join('manifests', manifestName('a', second.sequence, second.versionUid))
  const bytes = await readFile(join(under.folder, manifest))
  bytes[100] = (bytes[100] ?? 0) ^ 1
  await writeFile(join(under.folder, manifest), bytes)
  const database = await testDatabase(t)
  const { warnings } = await rebuild(database, under)
  assert.equal(warnings.length, 3) // the pack, the manifest, and the version that lacks a chunk
  const states = await database.query(`SELECT id, state FROM recovery_point ORDER BY id`)
  assert.deepEqual(states, [
    { id: points[0]?.point, state: 'ready' },
    { id: points[3]?.point, state: 'damaged' },
    { id: points[2]?.point, state: 'ready' },
  ])
  const [a] = await database.query(`SELECT replica_state FROM data_source WHERE id = 'a'`)
  assert.deepEqual(a, { replica_state: 'inconsistent' })
})

test('a segment that two packs have is taken from the one with more of it', async (t) => {
  const { under } = await history(t)
  const { store } = under
  const original = await readFile(packPath(under.folder, under.packs[0]?.name ?? ''))
  const { records, firstSegment } = await store.readPackIndex(under.packs[0]!)
  const volume = await store.chooseVolume()
  const compacted = { name: 'pack-compacted', volume, firstSegment, generation: 99 }
  const writer = await store.createPack(compacted)
  for (const { offset, storedLength } of records.slice(5, 700))
    writer.append(original.subarray(offset, offset + 80 + storedLength))
  await writer.seal()
  const database = await testDatabase(t)
  const { warnings } = await rebuild(database, under)
  assert.deepEqual(warnings, [])
  const [pack] = await database.query(`SELECT state FROM pack WHERE name = 'pack-compacted'`)
  assert.deepEqual(pack, { state: 'condemned' })
  await store.moveToTrash(under.packs[0]!) // and where only the compacted one is left, its holes show
  for (const now of [database, await testDatabase(t)]) {
    await rebuild(now, under)
    const [segment] = await now.query<{
      holes: string
      count: number
      pack: string
      state: string
    }>(
      `SELECT holes::text AS holes, count, pack.name AS pack, pack.state
         FROM segment JOIN pack ON pack.id = segment.pack WHERE segment.id = $1`,
      [firstSegment],
    )
    const holes = '11111' + '0'.repeat(695)
    assert.deepEqual(segment, { holes, count: 700, pack: 'pack-compacted', state: 'sealed' })
  }
})
