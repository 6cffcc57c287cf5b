import assert from 'node:assert/strict'
import { fetchPaths } from '../../../core/filesystem/browse/fetch-paths.ts'
import { GuestVolumes } from '../../../core/filesystem/browse/volumes.ts'
import type { ByteReader } from '../../../core/filesystem/byte-reader.ts'
import type { GuestFileSystem, NodeId } from '../../../core/filesystem/file-system.ts'
import { HoldfastError } from '../../../core/model/error.ts'

const MOST_NODES = 150
const MOST_PIECES = 10
const PIECE_BYTES = 20_000
const MOST_PARTS = 300

/** All that can be asked of a file system, each of which may fail with an error of ours. */
export async function readAll(system: GuestFileSystem): Promise<void> {
  const seen = new Set<NodeId>()
  const waiting: NodeId[] = [system.root]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id) || seen.size > MOST_NODES) continue
    seen.add(id)
    const node = id
    const names: Buffer[] = []
    await ours(async () => {
      for await (const entry of system.list(node)) {
        if (waiting.length > MOST_NODES) break
        waiting.push(entry.id)
        names.push(entry.name)
      }
    })
    for (const name of names.slice(0, 2)) await ours(() => system.lookup(node, name))
    await ours(() => system.status(node))
    await ours(() => system.readLink(node))
    await ours(() => system.attributes(node))
    await ours(() => readContent(system, node))
    for (const { name } of (await ours(async () => system.streams?.(node))) ?? [])
      await ours(() => readContent(system, node, name))
  }
}

async function readContent(system: GuestFileSystem, id: NodeId, stream?: Buffer): Promise<void> {
  const file = await system.open(id, stream)
  let pieces = 0
  for await (const { offset, length } of file.extents()) {
    if (pieces++ > MOST_PIECES) break
    assert.ok(length > 0)
    await file.read(offset, Math.min(length, PIECE_BYTES))
  }
}

/** The way that requests go: partitions, probing, paths, and content in parts. */
export async function fetchAll(reader: ByteReader): Promise<void> {
  const volumes = new GuestVolumes([{ name: 'disk', reader }])
  let parts = 0
  await ours(async () => {
    for await (const part of fetchPaths(volumes, [Buffer.from('/')])) {
      if ('failed' in part)
        assert.notEqual(part.failed.failure.code, 'internal', part.failed.failure.message)
      if (parts++ > MOST_PARTS) break
    }
  })
}

export async function ours<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HoldfastError && error.code !== 'internal') return undefined
    throw error
  }
}
