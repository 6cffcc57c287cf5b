import assert from 'node:assert/strict'
import test from 'node:test'
import {
  MAX_READ_BYTES,
  type GuestEntry,
  type GuestExtent,
  type GuestFile,
  type GuestFileSystem,
  type NodeId,
} from '../../core/filesystem/file-system.ts'

/** A tree as the maker of the image meant it: path without leading slash → what is there. */
export type Expected = ReadonlyMap<string, ExpectedNode>

export type ExpectedNode =
  | { readonly type: 'folder' }
  | { readonly type: 'link'; readonly target: Buffer }
  | { readonly type: 'file'; readonly content: Buffer }
  /** Too large to hold: these parts, zeros elsewhere. */
  | { readonly type: 'file'; readonly sizeBytes: number; readonly parts: readonly Part[] }

export interface Part {
  readonly offset: number
  readonly content: Buffer
}

/** What every reader owes (core/filesystem/file-system.ts), over an image that holds `expected`. */
export function contractSuite(
  name: string,
  open: () => Promise<GuestFileSystem>,
  expected: Expected,
  /** Names of the root that the file system made itself. */
  ignored: readonly string[] = [],
): void {
  test(`${name}: the tree is what was put there`, async () => {
    const system = await open()
    const found = await walk(system, ignored)
    assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort())
    for (const [path, node] of expected) {
      const entry = found.get(path)
      assert.ok(entry, path)
      assert.equal(entry.type, node.type, path)
      await compareNode(system, path, entry, node)
    }
  })

  test(`${name}: lookup finds what list shows, and nothing else`, async () => {
    const system = await open()
    for await (const entry of system.list(system.root)) {
      const found = await system.lookup(system.root, entry.name)
      assert.equal(found?.id, entry.id)
      assert.equal(found.type, entry.type)
    }
    for (const absent of ['no such name', '.', '..', 'a/b'])
      assert.equal(await system.lookup(system.root, Buffer.from(absent)), undefined)
  })

  test(`${name}: wrong uses are refused, not answered`, async () => {
    const system = await open()
    const isTyped = (error: unknown) => error instanceof Error && error.name === 'HoldfastError'
    await assert.rejects(system.open(system.root), isTyped)
    await assert.rejects(system.readLink(system.root), isTyped)
    for (const id of ['', 'x', '-1', '1e99', '9999999999999', `${2 ** 60}`])
      await assert.rejects(system.status(id), isTyped, `id ${JSON.stringify(id)}`)
    for (const [path, entry] of await walk(system, ignored))
      if (entry.type === 'file')
        return assert.rejects(collect(system.list(entry.id)), isTyped, path)
  })
}

export async function walk(
  system: GuestFileSystem,
  ignored: readonly string[] = [],
): Promise<Map<string, GuestEntry>> {
  const found = new Map<string, GuestEntry>()
  const visit = async (id: NodeId, above: string) => {
    for await (const entry of system.list(id)) {
      const path = above + entry.name.toString('latin1')
      if (ignored.includes(path)) continue
      assert.ok(entry.name.length > 0 && !entry.name.includes(0) && !entry.name.includes('/'), path)
      assert.ok(!found.has(path), `${path} is listed twice`)
      found.set(path, entry)
      if (entry.type === 'folder') await visit(entry.id, `${path}/`)
    }
  }
  await visit(system.root, '')
  return found
}

async function compareNode(
  system: GuestFileSystem,
  path: string,
  { id }: GuestEntry,
  node: ExpectedNode,
): Promise<void> {
  const status = await system.status(id)
  assert.equal(status.type, node.type, path)
  assert.equal(status.id, id, path)
  if (node.type === 'link') assert.deepEqual(await system.readLink(id), node.target, path)
  if (node.type !== 'file') return
  const whole = 'content' in node
  const size = whole ? node.content.length : node.sizeBytes
  const parts = whole ? [{ offset: 0, content: node.content }] : node.parts
  assert.equal(status.sizeBytes, size, path)
  const file = await system.open(id)
  assert.equal(file.sizeBytes, size, path)
  await compareExtents(system, path, id, parts)
  for (const { offset, content } of parts) {
    for (let at = 0; at < content.length; at += MAX_READ_BYTES) {
      const wanted = content.subarray(at, at + MAX_READ_BYTES)
      const read = await file.read(offset + at, wanted.length)
      assert.ok(read.equals(wanted), `${path} at ${offset + at}`)
    }
  }
  // At a place that is no boundary of anything, and across the end.
  const last = parts.at(-1)
  if (last && last.offset + last.content.length === size) {
    const from = Math.min(last.content.length, 3 + Math.floor(last.content.length / 2))
    const read = await file.read(last.offset + from, MAX_READ_BYTES)
    assert.ok(read.equals(last.content.subarray(from)), `${path} from ${from} on`)
  }
  assert.equal((await file.read(size, 10)).length, 0, path)
}

/** In order, without gap, to the end; and what is not in a part is a hole or reads as zeros. */
async function compareExtents(
  system: GuestFileSystem,
  path: string,
  id: NodeId,
  parts: readonly Part[],
): Promise<void> {
  const file = await system.open(id)
  let at = 0
  for await (const extent of file.extents()) {
    assert.equal(extent.offset, at, path)
    assert.ok(extent.length > 0, path)
    at += extent.length
    await compareAtPlace(file, extent, path)
    if (!extent.hole) continue
    for (const { offset, content } of parts) {
      const from = Math.max(offset, extent.offset)
      const to = Math.min(offset + content.length, at)
      const inside = from < to ? content.subarray(from - offset, to - offset) : Buffer.alloc(0)
      assert.ok(
        inside.every((byte) => byte === 0),
        `${path}: data in a hole at ${from}`,
      )
    }
  }
  assert.equal(at, file.sizeBytes, path)
}

/** Where an extent says that it lies, its disk has the very bytes that the file reads. */
async function compareAtPlace(
  file: GuestFile,
  { offset, length, place }: GuestExtent,
  path: string,
): Promise<void> {
  if (place === undefined) return
  assert.ok(file.disk, path)
  for (const at of [0, Math.max(0, length - MAX_READ_BYTES)]) {
    const count = Math.min(MAX_READ_BYTES, length - at)
    const stored = await file.disk.read(place + at, count)
    assert.ok(stored.equals(await file.read(offset + at, count)), `${path}: place of ${offset}`)
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
