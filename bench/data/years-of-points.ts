import type { Database } from '../../server/catalog/database.ts'

export interface Many {
  readonly sources: number
  /** Of each of the large sources. */
  readonly points: number
  /** The first ones. Default 1. */
  readonly large?: number
  /** Points of each other source. Default: a hundredth of `points`. */
  readonly other?: number
}

/** Points of all sources that one statement makes: bounds how long it takes. */
const AT_ONCE = 200

/** A catalog of years, by the rows that lists and expiry look at: one host in ten, groups of a hundred. */
export async function fillCatalog(database: Database, many: Many): Promise<void> {
  const { sources, points, large = 1, other = Math.ceil(points / 100) } = many
  await database.query(
    `INSERT INTO host (id, name) SELECT 'host-' || n, 'host-' || n FROM generate_series(0, $1 / 10) n`,
    [sources],
  )
  await database.query(
    `INSERT INTO data_source (id, host, key, name, kind, replica_state)
     SELECT 'source-' || n, 'host-' || n / 10, '/' || n, 'vm-' || n, 'vm', 'ok'
       FROM generate_series(0, $1 - 1) n`,
    [sources],
  )
  await database.query(
    `INSERT INTO disk (data_source, name, chunk_bytes, size_bytes)
     SELECT id, 'root', 131072, 1 << 30 FROM data_source`,
  )
  // The oldest first, as years make them.
  for (let to = points; to > 0; to -= AT_ONCE)
    await makePoints(database, [sources, large, other, Math.max(to - AT_ONCE, 0), to])
  await database.query(
    `INSERT INTO protection_group (id, name, settings, created_at, changed_at)
     SELECT 'group-' || n, 'group-' || n, '{}', now(), now() FROM generate_series(0, ($1 - 1) / 100) n`,
    [sources],
  )
  await database.query(
    `INSERT INTO group_member (data_source, protection_group, added_at, added_by, points_until,
            syncs_until, checks_until)
     SELECT 'source-' || n, 'group-' || n / 100, now(), 'ann', now(), now(), now()
       FROM generate_series(0, $1 - 1) n`,
    [sources],
  )
  await database.query(
    `INSERT INTO due (data_source, kind, due_at, protection_group, state, not_before)
     SELECT data_source, 'point', now() - make_interval(hours => 6 * i), protection_group,
            'completed', now() FROM group_member, generate_series(1, 40) i`,
  )
  await database.query(
    `INSERT INTO job (id, kind, state, data_source, host, protection_group, queued_at, finished_at)
     SELECT 'j-' || s.id || '-' || i, 'recovery-point',
            CASE WHEN i = 7 THEN 'failed' ELSE 'completed' END, s.id, s.host, m.protection_group,
            now() - make_interval(hours => 6 * i), now() - make_interval(hours => 6 * i)
       FROM data_source s JOIN group_member m ON m.data_source = s.id, generate_series(1, 40) i`,
  )
  for (const table of [
    'recovery_point',
    'version',
    'version_disk',
    'due',
    'job',
    'data_source',
    'event',
  ])
    await database.query(`ANALYZE ${table}`)
}

/** Those from the `from`+1st to the `to`th newest of each source that has so many. */
async function makePoints(
  database: Database,
  [sources, large, other, from, to]: readonly [number, number, number, number, number],
): Promise<void> {
  const [{ last } = { last: 0 }] = await database.query<{ last: number }>(
    `SELECT coalesce(max(id), 0) AS last FROM version`,
  )
  await database.query(
    `INSERT INTO version (uid, data_source, sequence, generation, state, committed_at, captured_at,
            consistency, size_bytes)
     SELECT 'v-' || n || '-' || i, 'source-' || n, i, 1, 'committed', at, at, 'crash', 1 << 30
       FROM generate_series(0, $1 - 1) n, generate_series($4::int + 1, $5::int) i,
            LATERAL (SELECT now() - make_interval(hours => 6 * i, secs => n)) AS t (at)
      WHERE n < $2 OR i <= $3 ORDER BY i DESC, n`,
    [sources, large, other, from, to],
  )
  await database.query(
    `INSERT INTO version_disk (version, disk, ordinal, size_bytes, format, transfer_mode, digest_root)
     SELECT v.id, d.id, 0, 1 << 30, 'qcow2', 'tracked', '\\x00'
       FROM version v JOIN disk d ON d.data_source = v.data_source WHERE v.id > $1`,
    [last],
  )
  // One in a thousand is damaged, one in 500 labelled or with a term of its own.
  await database.query(
    `INSERT INTO recovery_point (id, version, data_source, state, label, expires_at, created_at)
     SELECT 'p-' || uid, id, data_source, CASE WHEN id % 1000 = 7 THEN 'damaged' ELSE 'ready' END,
            CASE WHEN id % 500 = 3 THEN 'release-' || id % 7 END,
            CASE WHEN id % 500 = 4 THEN now() - interval '1 day' END, committed_at
       FROM version WHERE id > $1`,
    [last],
  )
  await database.query(
    `INSERT INTO event (at, kind, about, message)
     SELECT committed_at, 'point-created', 'p-' || uid, 'a point was made'
       FROM version WHERE id > $1 ORDER BY id`,
    [last],
  )
}

const DAY_MS = 86_400_000

function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString()
}

/** Every filter of `point list`, alone and as people combine them. */
export const POINT_FILTERS = {
  all: {},
  'deleted ones too': { all: true },
  source: { dataSource: 'source-0' },
  'small source': { dataSource: 'source-7' },
  group: { group: 'group-0' },
  host: { host: 'host-0' },
  ready: { state: 'ready' },
  partial: { state: 'partial' },
  suspect: { state: 'suspect' },
  damaged: { state: 'damaged' },
  deleted: { state: 'deleted' },
  label: { label: 'release-3' },
  'label that none has': { label: 'never' },
  since: { since: daysAgo(30) },
  until: { until: daysAgo(300) },
  'since and until': { since: daysAgo(21), until: daysAgo(14) },
  'source and state': { dataSource: 'source-0', state: 'damaged' },
  'source and label': { dataSource: 'source-0', label: 'release-3' },
  'source and until': { dataSource: 'source-0', until: daysAgo(20) },
  'source since and until': { dataSource: 'source-7', since: daysAgo(21), until: daysAgo(14) },
  'group and since': { group: 'group-0', since: daysAgo(7) },
  'group and state': { group: 'group-0', state: 'damaged' },
  'host and until': { host: 'host-0', until: daysAgo(20) },
  'host and label': { host: 'host-0', label: 'release-3' },
  'what an operator of two sources sees': { within: ['source-7', 'source-8'] },
  'the same, damaged': { within: ['source-7', 'source-8'], state: 'damaged' },
  'next page': { before: 'p-v-3-20' },
  'next page of a source': { dataSource: 'source-0', before: 'p-v-0-50' },
  'by id': { ids: ['p-v-3-20'], all: true },
} as const

/** Every filter of `job list`, alone and as people combine them. */
export const JOB_FILTERS = {
  newest: {},
  'by id': { id: 'j-source-7-3' },
  failed: { state: 'failed' },
  running: { state: 'running' },
  source: { dataSource: 'source-7' },
  'source and state': { dataSource: 'source-7', state: 'failed' },
  group: { group: 'group-1' },
  kind: { kind: 'collection' },
  'kind and state': { kind: 'recovery-point', state: 'failed' },
  since: { since: daysAgo(1) },
  'what an operator of two sources sees': { within: ['source-7', 'source-8'] },
  'next page': { before: 'j-source-7-3' },
} as const

/** Every filter of `event list`. */
export const EVENT_FILTERS = {
  newest: {},
  'about a source': { about: 'source-7' },
  'about a point': { about: 'p-v-3-20' },
  since: { since: daysAgo(1) },
  'by the first word of their kind': { kind: 'point' },
  'of a kind that there is none of': { kind: 'clock-confirmed' },
  'the next page': { before: 1000 },
  'about a source, since': { about: 'source-7', since: daysAgo(7) },
  'what an operator of two sources sees': { within: ['source-7', 'source-8'] },
} as const
