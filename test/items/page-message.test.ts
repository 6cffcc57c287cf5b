import assert from 'node:assert/strict'
import test from 'node:test'
import type { MessageTypeDefinition } from '@grpc/proto-loader'
import type { ListedEntry } from '../../core/filesystem/browse/listed-entry.ts'
import type { GuestStatus } from '../../core/filesystem/file-system.ts'
import { messages } from '../../core/wire/lazy-messages.ts'
import { operatorService } from '../../core/wire/operator-service.ts'
import type { FilePage, FilePage__Output } from '../../core/wire/generated/holdfast/v1/FilePage.ts'
import { pageMessage } from '../../server/items/reader/page-message.ts'
import { toFileEntry } from '../../server/rpc/operator/file-entry.ts'

/*
 * Pages of files are written by hand. What the generated code reads of them is what it reads of the
 * same entries when it has written them itself.
 */

const { responseDeserialize: read } = operatorService.ListFiles
const { serialize } = messages['holdfast.v1.FilePage'] as MessageTypeDefinition<
  FilePage,
  FilePage__Output
>
const file: GuestStatus = {
  id: '12',
  ...{ type: 'file', sizeBytes: 5, mode: 0o644, owner: { uid: 1000, gid: 0 }, links: 2 },
  ...{ modifiedAt: 1_700_000_000_123_456_789n, accessedAt: 0n, changedAt: -1n, createdAt: null },
  ...{ device: null, encrypted: false },
}

function entry(more: Partial<ListedEntry> = {}): ListedEntry {
  return { name: Buffer.from('name'), type: 'file', sizeBytes: 5, status: file, ...more }
}

function assertSame(entries: readonly ListedEntry[], warnings: readonly string[] = []): void {
  const written = read(pageMessage({ entries, warnings }))
  const generated = { entries: entries.map(toFileEntry), warnings: [...warnings] }
  assert.deepEqual(written, read(serialize(generated)))
  assert.equal(written.entries.length, entries.length)
}

const CASES: Record<string, Partial<ListedEntry>> = {
  'a plain file': {},
  'an empty name, no bytes': { name: Buffer.alloc(0), sizeBytes: 0 },
  'names in any bytes': { name: Buffer.from([0xff, 0, 0x0a, 0xc3, 0x28]) },
  'a name of 127, 128, 20,000 bytes': { name: Buffer.alloc(20_000, 'x') },
  'a size beyond 32 bits': { sizeBytes: 2 ** 32 + 5 },
  'the largest size': { sizeBytes: Number.MAX_SAFE_INTEGER },
  'a link': { type: 'link', target: Buffer.from('../há/x') },
  'an empty target': { type: 'link', target: Buffer.alloc(0) },
  'an encrypted name': { encrypted: true },
  'a partition': { type: 'partition', content: 'ext', status: undefined } as object,
  'a failure': { failure: { code: 'filesystem-damaged', message: 'wörd'.repeat(50), hint: '' } },
  'a failure without hint': { failure: { code: 'internal', message: '' } },
  'a time before 1970': {
    status: { ...file, modifiedAt: -1_000_000_001n, createdAt: -5n * 10n ** 18n },
  },
  'a time beyond 2038': { status: { ...file, modifiedAt: 2n ** 34n * 1_000_000_000n } },
  'no mode, no owner': { status: { ...file, mode: null, owner: null } },
  'root and mode 0': { status: { ...file, mode: 0, owner: { uid: 0, gid: 0 } } },
  'owners of 32 bits': { status: { ...file, owner: { uid: 2 ** 32 - 1, gid: 2 ** 31 } } },
  'a device': { type: 'block-device', status: { ...file, device: { major: 8, minor: 0 } } },
  'no links': { status: { ...file, links: 0 } },
}

for (const [name, more] of Object.entries(CASES)) test(name, () => assertSame([entry(more)]))

test('names of every length around one and two bytes of length', () => {
  for (let length = 0; length < 300; length++)
    assertSame([entry({ name: Buffer.alloc(length, 'n') })])
})

test('pages larger than the memory that is there at first, with warnings', () => {
  const many = Array.from({ length: 2000 }, (_, i) => entry({ name: Buffer.from(`file ${i}`) }))
  assertSame(many, ['the log could not be replayed', ''])
  assertSame([], [])
})

test('a page that cannot be written leaves nothing behind in the next one', () => {
  const broken = entry({ sizeBytes: -0.5 })
  assert.throws(() => pageMessage({ entries: [entry(), broken], warnings: [] }), RangeError)
  assertSame([entry()])
})
