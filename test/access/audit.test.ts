import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { systemClock } from '../../core/runtime/clock.ts'
import { audit, listAudit, readAuditHead } from '../../server/catalog/audit.ts'
import { auditHash } from '../../server/catalog/audit-hash.ts'
import type { Database } from '../../server/catalog/database.ts'
import { restoreSnapshot, writeCatalogSnapshot } from '../../server/flows/catalog-snapshot.ts'
import { verifyAudit } from '../../server/flows/verify-audit.ts'
import { readNewestSnapshot } from '../../server/store/snapshot.ts'
import { localStore } from '../store/folders.ts'
import { testDatabase } from '../support/database.ts'

function entry(n: number) {
  const code = n % 3 === 0 ? 'permission-denied' : null
  return {
    ...{ actor: `op-${n}`, peer: `127.0.0.1:${n}`, method: 'DeletePoint', object: `p-${n}`, code },
    outcome: code === null ? ('done' as const) : ('refused' as const),
    notes: JSON.stringify({ reason: `because of ${n}` }),
  }
}

async function withLog(t: TestContext, count: number) {
  const database = await testDatabase(t)
  const opened = await localStore(1)
  const { store } = opened
  t.after(() => opened.cleanUp())
  for (let n = 1; n <= count; n++) await audit(database, entry(n))
  const seal = () => writeCatalogSnapshot({ database, store, clock: systemClock })
  const problems = async () =>
    (await verifyAudit(database, store)).problems.map(({ id, kind }) => `${kind} ${id}`)
  return { database, store, seal, problems }
}

/** What somebody who owns the database can do all the same. */
async function tamper(database: Database, ...statements: string[]): Promise<void> {
  await database.query(`ALTER TABLE audit DISABLE TRIGGER USER`)
  for (const statement of statements) await database.query(statement)
  await database.query(`ALTER TABLE audit ENABLE TRIGGER USER`)
}

test('entries are added and nothing else: PostgreSQL refuses it', async (t) => {
  const { database, problems } = await withLog(t, 3)
  for (const change of [
    `UPDATE audit SET actor = 'x' WHERE id = 2`,
    `DELETE FROM audit WHERE id = 2`,
    `TRUNCATE audit`,
  ])
    await assert.rejects(database.query(change), /never changed or removed/)
  assert.deepEqual(await problems(), [])
})

test('many at once make one chain', async (t) => {
  const { database, problems } = await withLog(t, 0)
  await Promise.all(Array.from({ length: 40 }, (_, n) => audit(database, entry(n + 1))))
  assert.deepEqual(await problems(), [])
  assert.equal((await readAuditHead(database)).id, 40)
})

test('whatever of an entry is changed, it is found, and the entry is named', async (t) => {
  const changes = [
    `actor = 'x'`,
    `peer = 'x'`,
    `method = 'x'`,
    `object = 'x'`,
    `outcome = 'failed'`,
    `code = 'internal'`,
    `notes = '{}'`,
    `at = at + interval '1 millisecond'`,
  ]
  const { database, problems } = await withLog(t, changes.length * 2)
  const statements = changes.map((set, i) => `UPDATE audit SET ${set} WHERE id = ${i * 2 + 2}`)
  await tamper(database, ...statements)
  assert.deepEqual(
    await problems(),
    changes.map((_, i) => `changed ${i * 2 + 2}`),
  )
})

test('removed entries are found: one, several, the first, the last, all', async (t) => {
  for (const [which, named] of [
    ['id = 3', 'removed 3'],
    ['id IN (2, 3)', 'removed 2'],
    ['id = 1', 'removed 1'],
    ['id = 5', 'removed 5'],
    ['true', 'removed 1'],
  ]) {
    const { database, problems } = await withLog(t, 5)
    await tamper(database, `DELETE FROM audit WHERE ${which}`)
    assert.deepEqual(await problems(), [named], which)
  }
})

test('a gap that was closed by new numbers, and entries that changed places, are found', async (t) => {
  const closed = await withLog(t, 5)
  await tamper(
    closed.database,
    `DELETE FROM audit WHERE id = 3`,
    `UPDATE audit SET id = 3 WHERE id = 4`,
    `UPDATE audit SET id = 4 WHERE id = 5`,
    `UPDATE audit_head SET id = 4`,
  )
  assert.deepEqual(await closed.problems(), ['reordered 3'])
  const swapped = await withLog(t, 5)
  await tamper(
    swapped.database,
    `UPDATE audit SET id = -1 WHERE id = 2`,
    `UPDATE audit SET id = 2 WHERE id = 3`,
    `UPDATE audit SET id = 3 WHERE id = -1`,
  )
  assert.deepEqual(await swapped.problems(), ['reordered 2', 'reordered 3', 'reordered 4'])
})

test('a tail that was cut together with the head is found by the sealed head', async (t) => {
  const { database, seal, problems } = await withLog(t, 5)
  await seal()
  await tamper(
    database,
    `DELETE FROM audit WHERE id > 3`,
    `UPDATE audit_head SET id = 3, hash = (SELECT hash FROM audit WHERE id = 3)`,
  )
  assert.deepEqual(await problems(), ['removed 5'])
})

test('a chain that was written anew as a whole is found by the sealed head', async (t) => {
  const { database, store, seal, problems } = await withLog(t, 5)
  await seal()
  await audit(database, entry(6))
  let previous: Buffer = Buffer.alloc(32)
  await database.query(`ALTER TABLE audit DISABLE TRIGGER USER`)
  for (let n = 1; n <= 6; n++) {
    const changed = { ...entry(n), ...(n === 2 ? { actor: 'innocent' } : {}) }
    const [row] = await database.query<{ at: Date }>(`SELECT at FROM audit WHERE id = $1`, [n])
    const hash = auditHash(previous, row!.at, changed)
    await database.query(`UPDATE audit SET actor = $2, previous = $3, hash = $4 WHERE id = $1`, [
      n,
      changed.actor,
      previous,
      hash,
    ])
    previous = hash
  }
  await database.query(`UPDATE audit_head SET hash = $1`, [previous])
  await database.query(`ALTER TABLE audit ENABLE TRIGGER USER`)
  assert.deepEqual(await problems(), ['changed 5'])
  assert.equal((await verifyAudit(database, store)).sealedHeads, 0)
})

test('a rebuilt catalog goes on from the sealed head, and says what it lacks', async (t) => {
  const { store, seal } = await withLog(t, 5)
  await seal()
  const database = await testDatabase(t)
  const snapshot = await readNewestSnapshot(store, () => {})
  await database.tx((q) => restoreSnapshot(q, snapshot!))
  await audit(database, entry(6))
  const found = await verifyAudit(database, store)
  assert.deepEqual(found.problems, [])
  assert.match(found.notes.join(), /^entries 1 to 5 were lost/)
  assert.deepEqual(
    (await listAudit(database, {})).map(({ id }) => id),
    [6],
  )
  await tamper(database, `UPDATE audit SET previous = hash WHERE id = 6`)
  assert.deepEqual(
    (await verifyAudit(database, store)).problems.map(({ kind }) => kind),
    ['changed'],
  )
})
