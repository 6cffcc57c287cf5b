import { join } from 'node:path'
import { namesOf, type FreezeRequest } from './freeze-request.ts'
import type { FilterPlace } from './insertion.ts'
import type { Qmp } from './qmp.ts'
import { makeScratchFile } from './scratch.ts'

/** Longest that a guest's write waits for us; past it the frozen view breaks, and the guest goes on. */
const WRITE_WAIT_SECONDS = 5

/** Files for what guests overwrite. */
export async function makeTargets(request: FreezeRequest): Promise<void> {
  const { disks, scratch } = request
  for (const [at, { sizeBytes }] of disks.entries())
    await makeScratchFile(scratch, targetFile(request, at), sizeBytes)
}

/**
 * A copy-before-write filter for each disk, which gives way to the guest; not yet in its way. One
 * command for each, with its target: a guest may stand still meanwhile.
 */
export async function addFilters(qmp: Qmp, request: FreezeRequest): Promise<void> {
  const { disks, scratch } = request
  for (const [at, disk] of disks.entries()) {
    const { target, filter } = namesOf(request, at)
    const filename = join(scratch.folder, targetFile(request, at))
    await qmp.execute('blockdev-add', {
      driver: 'copy-before-write',
      'node-name': filter,
      file: disk.below,
      target: {
        driver: 'raw',
        'node-name': target,
        file: { driver: 'file', filename, discard: 'unmap' },
      },
      'on-cbw-error': 'break-snapshot',
      'cbw-timeout': WRITE_WAIT_SECONDS,
    })
  }
}

function targetFile(request: FreezeRequest, at: number): string {
  return `${namesOf(request, at).target}.raw`
}

/** Where they get into the way of the guest's writes. */
export function filterPlaces(request: FreezeRequest): FilterPlace[] {
  return request.disks.flatMap(({ insertion }, at) =>
    insertion ? [{ insertion, node: namesOf(request, at).filter }] : [],
  )
}
