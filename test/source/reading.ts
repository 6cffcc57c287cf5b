import assert from 'node:assert/strict'
import type { DiskReader } from '../../core/disk/disk.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { imageProvider, type ImageProviderOptions } from '../../agent/source/image-source.ts'
import type { SourceProvider, SourceView } from '../../agent/source/source.ts'

/** A provider over one folder, with everything else as a test wants it. */
export function providerOver(
  folder: string,
  more: Partial<ImageProviderOptions> = {},
): SourceProvider {
  const options = { declared: [], allowedFolders: [], log: silentLogger, clock: systemClock }
  return imageProvider({ folders: [{ path: folder }], ...options, ...more })
}

/** Opens the source of this name. */
export async function openNamed(
  provider: SourceProvider,
  name: string,
  excludeDisks: readonly string[] = [],
): Promise<SourceView> {
  const offer = (await provider.offers()).find((one) => one.name === name)
  assert.ok(offer, `${name} is offered`)
  return provider.open(offer.key, { excludeDisks, signal: new AbortController().signal })
}

/** All bytes, in chunks of a size that divides nothing, several at a time. */
export async function readAll(reader: DiskReader): Promise<Buffer> {
  const bytes = Buffer.alloc(reader.sizeBytes, 0xaa)
  const reads: Promise<void>[] = []
  for (let at = 0; at < bytes.length; at += 700_001)
    reads.push(reader.read(at, bytes.subarray(at, at + 700_001)))
  await Promise.all(reads)
  return bytes
}

/** Checks that the allocation covers the disk in order, and that what it calls zero is. */
export async function checkAllocation(reader: DiskReader, bytes: Buffer): Promise<number> {
  let at = 0
  let zeroBytes = 0
  for await (const { offset, length, zero } of reader.allocation()) {
    assert.equal(offset, at)
    assert.ok(length > 0)
    at += length
    if (!zero) continue
    zeroBytes += length
    assert.ok(bytes.subarray(offset, at).equals(Buffer.alloc(length)), `zeros at ${offset}`)
  }
  assert.equal(at, reader.sizeBytes)
  return zeroBytes
}
