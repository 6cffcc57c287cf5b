import { write as writeToFile } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { promisify } from 'node:util'
import { readPartitionTable } from '../../core/filesystem/partitions/table.ts'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { PartitionMark__Output } from '../../core/wire/generated/holdfast/v1/PartitionMark.ts'
import type { PartWork__Output } from '../../core/wire/generated/holdfast/v1/PartWork.ts'
import { carryOut, type CarryOptions, type OnWritten, type Restored } from './carry-out.ts'
import type { DiskTarget } from './disk-target.ts'
import { openInPlace, type DiskInPlace } from './in-place.ts'
import { checkNotInUse } from './in-use.ts'
import { pullPart, type PartTarget } from './pull-part.ts'

const writeAt = promisify(writeToFile)

/** Brings one partition or logical volume back: into an image of its own, or where it was. */
export async function recoverPart(
  options: CarryOptions,
  part: PartWork__Output,
  onWritten: OnWritten,
): Promise<Restored> {
  if (options.work.original) return recoverInPlace(options, part, onWritten)
  const fill = (target: DiskTarget) =>
    pullPart(options, part, { ...writerOf(target), isUsed: false }, onWritten)
  const work = { ...options.work, disks: [asDisk(part)] }
  return carryOut({ ...options, work, fill }, onWritten)
}

/** For the target's sake it is a disk of its own. */
function asDisk(part: PartWork__Output): PartWork__Output['disks'][number] {
  const [first] = part.disks
  if (!first) throw new HoldfastError('protocol-violation', `${part.name} lies on no disk`)
  const { name, sizeBytes } = part
  return { ...first, name, sizeBytes, allocatedBytes: allocatedBytesOf(part) }
}

export function allocatedBytesOf({ disks, sizeBytes }: PartWork__Output): number {
  return Math.min(
    sizeBytes,
    disks.reduce((sum, disk) => sum + disk.allocatedBytes, 0),
  )
}

function writerOf(target: DiskTarget): Pick<PartTarget, 'write' | 'wrote'> {
  const { sink } = target
  const wrote = (bytes: number) => target.wrote(bytes)
  if ('write' in sink) return { wrote, write: (offset, bytes) => sink.write(offset, bytes) }
  return {
    wrote,
    async write(offset, bytes) {
      for (let at = 0; at < bytes.length;)
        at += (await writeAt(sink.fd, bytes, at, bytes.length - at, offset + at)).bytesWritten
    },
  }
}

async function recoverInPlace(
  options: CarryOptions,
  part: PartWork__Output,
  onWritten: OnWritten,
): Promise<Restored> {
  const { work, resolveOriginal, findWriters, signal } = options
  const { partition } = part
  const [disk] = part.disks
  if (!partition || !disk) throw new HoldfastError('target-refused', `${part.name} has no place`)
  const known = await resolveOriginal(work.sourceKey)
  const original = known.find(({ name }) => name === disk.name)
  const path = original && (await realpath(original.path).catch(() => undefined))
  if (!original || path === undefined)
    throw new HoldfastError('source-missing', `disk ${disk.name} is no longer where it was`, {
      hint: 'Restore the partition into an image: --to HOST --path DIR.',
    })
  // Written in place: whoever has it open would read a mixture of both.
  await checkNotInUse([{ kind: 'device', disk, path }], false, findWriters)
  const target = await openInPlace(path, original.format, signal)
  let hasBegun = false
  try {
    await requireSamePartition(target, partition, path)
    signal.throwIfAborted()
    hasBegun = true
    const warnings = await pullPart(options, part, within(target, partition), onWritten)
    await target.finish()
    return { files: [path], changes: [], warnings }
  } catch (error) {
    await target.abandon()
    throw hasBegun ? inPart(error, partition, path) : error
  }
}

/** The part's first byte is the partition's, and nothing is written beyond its last. */
function within(target: DiskInPlace, { offset, sizeBytes }: PartitionMark__Output): PartTarget {
  return {
    isUsed: true,
    wrote: (bytes) => target.wrote(bytes),
    async write(at, bytes) {
      if (at + bytes.length > sizeBytes) throw new RangeError('a write beyond the partition')
      await target.write(offset + at, bytes)
    },
  }
}

async function requireSamePartition(
  { reader }: DiskInPlace,
  wanted: PartitionMark__Output,
  path: string,
): Promise<void> {
  const { partitions } = await readPartitionTable(reader)
  const found = partitions.find(({ number }) => number === wanted.number)
  const isSame =
    found?.offset === wanted.offset &&
    found.sizeBytes === wanted.sizeBytes &&
    found.type === wanted.type
  if (isSame) return
  const now = found
    ? `is of ${found.sizeBytes} bytes at ${found.offset} (${found.type})`
    : 'does not exist'
  const then = `of ${wanted.sizeBytes} bytes at ${wanted.offset} (${wanted.type})`
  throw new HoldfastError(
    'target-refused',
    `partition ${wanted.number} of ${path} ${now}; in the point it is ${then}`,
    { hint: 'Nothing was written. Restore the whole disk, or the partition into an image.' },
  )
}

function inPart(error: unknown, { number }: PartitionMark__Output, path: string): HoldfastError {
  const { code, message, details } = toHoldfastError(error)
  return new HoldfastError(code, message, {
    hint: `Partition ${number} of ${path} is overwritten in part: restore it again before it is used.`,
    details,
    cause: error,
  })
}
