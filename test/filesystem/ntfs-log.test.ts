import assert from 'node:assert/strict'
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openNtfs } from '../../core/filesystem/ntfs/open.ts'
import { tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { canMount, whileMounted } from '../support/image-mount.ts'
import { bufferReader } from '../support/buffer-reader.ts'
import { hasTool, lacks } from '../support/needs.ts'
import { LOG_BYTES, NtfsLog, openTable } from '../support/ntfs-log.ts'

const isAble = ['mkntfs', 'ntfs-3g'].every((name) => hasTool(name)) && (await canMount('fuse'))
const RECORD = 1024
const CLUSTER = 4096
const OP = { openTable: 0x1d, updateResident: 7, addToIndex: 0x0e, forget: 0x1b } as const
/** Places in the table of what is open. */
const TABLE = 24
const WIDE = 24 + 0x2c

async function makeImage(t: TestContext): Promise<Buffer> {
  const folder = await temporaryFolder(t)
  const image = join(folder, 'image')
  await writeFile(image, '')
  await truncate(image, 16 * 2 ** 20)
  await tool('mkntfs', '-F', '-Q', '-q', '-c', String(CLUSTER), image)
  await whileMounted(image, join(folder, 'mounted'), ['ntfs-3g'], async () => {
    const at = (name: string) => join(folder, 'mounted', name)
    await mkdir(at('wide'))
    for (let i = 0; i < 200; i++) await writeFile(at(`wide/a long name of file ${i}`), `${i}`)
    for (const name of ['first', 'second', 'third', 'fourth']) await writeFile(at(name), name)
  })
  return readFile(image)
}

async function numberOf(image: Buffer, ...path: string[]): Promise<number> {
  const system = await openNtfs(bufferReader(image))
  let id = system.root
  for (const name of path) id = (await system.lookup(id, Buffer.from(name)))?.id ?? ''
  return Number(id.split('-')[0])
}

/** Windows marks each structure with the last record that changed it; ntfs-3g does not. */
function markSeen(image: Buffer, file: number, lsn: bigint): void {
  image.writeBigUInt64LE(lsn, tableOffset(image) + file * RECORD + 8)
}

function tableOffset(image: Buffer): number {
  return Number(image.readBigUInt64LE(48)) * CLUSTER
}

const places = new WeakMap<Buffer, number>()

function putLog(image: Buffer, log: Buffer): void {
  // mkntfs fills the log with ones, which means that it is empty.
  const found = places.get(image) ?? image.indexOf(Buffer.alloc(LOG_BYTES, 0xff))
  places.set(image, found)
  log.copy(image, Math.ceil(found / CLUSTER) * CLUSTER)
}

function placeOf(file: number) {
  const offset = file * RECORD
  return { cluster: Math.floor(offset / CLUSTER), sector: (offset % CLUSTER) / 512 }
}

test('ntfs: the files that the log has newer changes of are named, and no others', async (t) => {
  if (lacks(t, 'NTFS over FUSE', isAble)) return
  const plain = await makeImage(t)
  const wide = await numberOf(plain, 'wide')
  const [first, second, third, fourth] = await Promise.all(
    ['first', 'second', 'third', 'fourth'].map((name) => numberOf(plain, name)),
  )
  const inside = await numberOf(plain, 'wide', 'a long name of file 77')
  for (const copied of [false, true]) {
    const image = Buffer.from(plain)
    const log = new NtfsLog()
    let transaction = 0x40
    const change = (file = 0, more = {}) => {
      const lsn = log.write({
        ...{ transaction, redo: OP.updateResident, target: TABLE, ...placeOf(file), ...more },
      })
      log.write({ transaction: transaction++, redo: OP.forget })
      return lsn
    }
    // Older than the table of what is open: the first that is known counts.
    change(first)
    log.write({
      transaction: 0,
      redo: OP.openTable,
      bytes: openTable([
        [0, 0x80],
        [wide, 0xa0],
      ]),
    })
    // In place already.
    markSeen(image, second ?? 0, change(second, { bytes: Buffer.alloc(9000, 0x5a) }))
    change(inside)
    change(0, { redo: OP.addToIndex, target: WIDE, cluster: 0, sector: 0 })
    // In place, but its transaction did not come to an end.
    const open = { transaction: 0x999, redo: OP.updateResident, target: TABLE }
    markSeen(image, third ?? 0, log.write({ ...open, ...placeOf(third ?? 0) }))
    for (let i = 0; i < 40; i++) markSeen(image, second ?? 0, change(second))
    change(fourth)
    putLog(image, log.finish({ copied }))
    const { warnings } = await openNtfs(bufferReader(image))
    assert.equal(warnings.length, 1, warnings.join('\n'))
    const named = /older than the content of (.*)$/.exec(warnings[0] ?? '')?.[1]?.split(', ')
    assert.deepEqual(
      named?.sort(),
      ['/first', '/fourth', '/third', '/wide', '/wide/a long name of file 77'],
      `copied: ${copied}`,
    )
  }
})

test('ntfs: a log that went round is followed', async (t) => {
  if (lacks(t, 'NTFS over FUSE', isAble)) return
  const image = await makeImage(t)
  const [first, second] = [await numberOf(image, 'first'), await numberOf(image, 'second')]
  const log = new NtfsLog(50)
  log.write({ transaction: 0, redo: OP.openTable, bytes: openTable([[0, 0x80]]) })
  let last = 0n
  for (let i = 0; i < 30; i++)
    last = log.write({
      ...{ transaction: 1, redo: OP.updateResident, target: TABLE, ...placeOf(first) },
      bytes: Buffer.alloc(7000, i),
    })
  markSeen(image, first, last)
  log.write({ transaction: 1, redo: OP.forget })
  putLog(image, log.finish())
  assert.deepEqual((await openNtfs(bufferReader(image))).warnings, [], 'all is in place')
  log.write({ transaction: 2, redo: OP.updateResident, target: TABLE, ...placeOf(second) })
  putLog(image, log.finish())
  assert.match((await openNtfs(bufferReader(image))).warnings.join(), /content of \/second$/)
  for (let i = 0; i < 9; i++)
    log.write({
      ...{ transaction: 2, redo: OP.updateResident, target: TABLE, ...placeOf(second) },
      bytes: Buffer.alloc(7000, i),
    })
  putLog(image, log.finish())
  const { warnings } = await openNtfs(bufferReader(image))
  // Its beginning was written over: that is said, never taken for "nothing".
  assert.match(warnings.join(), /\$LogFile\) cannot be read/)
})

test('ntfs: a change whose target is not told makes the warning a general one', async (t) => {
  if (lacks(t, 'NTFS over FUSE', isAble)) return
  const image = await makeImage(t)
  const log = new NtfsLog()
  log.write({ transaction: 1, redo: OP.updateResident, target: TABLE, ...placeOf(64) })
  putLog(image, log.finish())
  assert.match((await openNtfs(bufferReader(image))).warnings.join(), /cannot be told what they/)
})
