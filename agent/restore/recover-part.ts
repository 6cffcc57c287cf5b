import { write as writeToFile } from 'node:fs'
import { promisify } from 'node:util'
import { HoldfastError } from '../../core/model/error.ts'
import type { PartWork__Output } from '../../core/wire/generated/holdfast/v1/PartWork.ts'
import { carryOut, type CarryOptions, type OnWritten, type Restored } from './carry-out.ts'
import type { DiskTarget } from './disk-target.ts'
import { pullPart, type PartTarget } from './pull-part.ts'
import { recoverInPlace } from './recover-in-place.ts'

const writeAt = promisify(writeToFile)

/** Brings one partition or logical volume back: into an image of its own, or where it was. */
export async function recoverPart(
  options: CarryOptions,
  part: PartWork__Output,
  onWritten: OnWritten,
): Promise<Restored> {
  if (options.work.original) return recoverInPlace(options, part, onWritten)
  const fill = (target: DiskTarget) => {
    const image = { ...writerOf(target), isUsed: false }
    return pullPart(options, part, (to) => ({ target: image, to }), onWritten)
  }
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
