import assert from 'node:assert/strict'
import test from 'node:test'
import {
  decodePointDocument,
  decodeTombstone,
  encodePointDocument,
  encodeTombstone,
  pointDocumentName,
  tombstoneName,
  type PointDocument,
} from '../../server/store/point-document.ts'
import { readNewestSnapshot, writeSnapshot } from '../../server/store/snapshot.ts'
import { collect } from './chunk-store.suite.ts'
import { localStore } from './folders.ts'

const point: PointDocument = {
  ...{ id: 'point-a', dataSource: 'source-a', sequence: 12, versionUid: 'version-x' },
  ...{ state: 'suspect', stateBefore: 'ready', label: 'größer', comment: null, protected: true },
  ...{ expiresAt: '2027-01-01T00:00:00.000Z', lockedUntil: null, verifiedAt: null, provenAt: null },
  createdAt: '2026-01-02T03:04:05.000Z',
}

test('point documents and tombstones come back as written, and damage is noticed', () => {
  const bytes = encodePointDocument(point)
  assert.deepEqual(decodePointDocument('p', bytes), point)
  const dead = {
    ...{ id: 'point-a', dataSource: 'source-a', sequence: 12, versionUid: 'version-x' },
    ...{ createdAt: point.createdAt, deletedAt: point.createdAt, deletedBy: 'admin' },
    ...{ deletionReason: null, stateBefore: 'ready', summary: { sizeBytes: 5, 1: 'one' } },
  }
  assert.deepEqual(decodeTombstone('t', encodeTombstone(dead)), dead)
  assert.throws(() => decodeTombstone('t', bytes), { code: 'manifest-damaged' })
  for (let at = 0; at < bytes.length - 1; at++) {
    const flipped = Buffer.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ 4
    assert.throws(() => decodePointDocument('p', flipped), /document p/)
  }
  assert.equal(pointDocumentName(point), 'points/source-a/12-version-x.json')
  assert.equal(tombstoneName('point-a'), 'tombstones/point-a.json')
})

test('the last 8 snapshots are kept, and the newest whole one counts', async () => {
  const under = await localStore(2)
  const content = (generation: number) => ({
    ...{ writtenAt: '2026-01-02T03:04:05.000Z', catalogId: 'c', generation },
    tables: { operator: [{ id: 'o', name: `admin ${generation}` }] },
  })
  for (let generation = 1; generation <= 11; generation++)
    await writeSnapshot(under.store, content(generation))
  const names = await collect(under.store.listDocuments('snapshots/'))
  assert.equal(names.length, 8)
  const damaged: string[] = []
  const newest = await readNewestSnapshot(under.store, (name) => damaged.push(name))
  assert.deepEqual(newest, { ...content(11), number: 11 })
  await under.store.writeDocument(names.at(-1) ?? '', Buffer.from('{"kind":"snapshot"}'))
  const older = await readNewestSnapshot(under.store, (name) => damaged.push(name))
  assert.equal(older?.generation, 10)
  assert.deepEqual(damaged, [names.at(-1)])
  await under.cleanUp()
})
