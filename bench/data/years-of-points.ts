import type { Database } from '../../server/catalog/database.ts'

export interface Many {
  readonly sources: number
  /** Of the first source; each other has a hundredth. */
  readonly points: number
}

/** A catalog of years, by the rows that lists and expiry look at: one host in ten, groups of a hundred. */
export async function fillCatalog(database: Database, { sources, points }: Many): Promise<void> {
  const other = Math.ceil(points / 100)
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
  await database.query(
    `INSERT INTO version (uid, data_source, sequence, generation, state, committed_at, captured_at,
            consistency, size_bytes)
     SELECT 'v-' || n || '-' || i, 'source-' || n, i, 1, 'committed', at, at, 'crash', 1 << 30
       FROM generate_series(0, $1 - 1) n,
            generate_series(1, CASE WHEN n = 0 THEN $2::int ELSE $3::int END) i,
            LATERAL (SELECT now() - make_interval(hours => 6 * i, secs => n)) AS t (at)
      ORDER BY i DESC, n`,
    [sources, points, other],
  )
  await database.query(
    `INSERT INTO version_disk (version, disk, ordinal, size_bytes, format, transfer_mode, digest_root)
     SELECT v.id, d.id, 0, 1 << 30, 'qcow2', 'tracked', '\\x00'
       FROM version v JOIN disk d ON d.data_source = v.data_source`,
  )
  // One in a thousand is damaged, one in 500 labelled or with a term of its own.
  await database.query(
    `INSERT INTO recovery_point (id, version, data_source, state, label, expires_at, created_at)
     SELECT 'p-' || uid, id, data_source, CASE WHEN id % 1000 = 7 THEN 'damaged' ELSE 'ready' END,
            CASE WHEN id % 500 = 3 THEN 'release-' || id % 7 END,
            CASE WHEN id % 500 = 4 THEN now() - interval '1 day' END, committed_at FROM version`,
  )
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
  for (const table of ['recovery_point', 'version', 'version_disk', 'due', 'job', 'data_source'])
    await database.query(`ANALYZE ${table}`)
}

/** Every filter of `point list`, alone and as people combine them. */
export const POINT_FILTERS = {
  all: {},
  source: { dataSource: 'source-0' },
  'small source': { dataSource: 'source-7' },
  group: { group: 'group-0' },
  host: { host: 'host-0' },
  ready: { state: 'ready' },
  damaged: { state: 'damaged' },
  deleted: { state: 'deleted' },
  label: { label: 'release-3' },
  since: { since: new Date(Date.now() - 30 * 86_400_000).toISOString() },
  until: { until: new Date(Date.now() - 300 * 86_400_000).toISOString() },
  'source and state': { dataSource: 'source-0', state: 'damaged' },
  'group and since': {
    group: 'group-0',
    since: new Date(Date.now() - 7 * 86_400_000).toISOString(),
  },
} as const
