import type { Qmp } from './qmp.ts'

/** A disk, by the node that its guest's device sees, and the export that wakes it. */
export interface SleepingDisk {
  readonly node: string
  readonly exported: string
}

/**
 * A VM that has just been migrated has given its disks away: its images are closed for writing and its
 * bitmaps stored, until it goes on. Exporting a disk takes it back while the guest stands still, so that
 * a filter can be put in its way. Needs the NBD server.
 */
export async function wakeDisks(qmp: Qmp, disks: readonly SleepingDisk[]): Promise<void> {
  for (const { node, exported } of disks)
    await qmp.execute('block-export-add', {
      ...{ type: 'nbd', id: exported, name: exported, 'node-name': node },
    })
}
