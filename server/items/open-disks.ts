import { getPoint } from '../catalog/points.ts'
import { readVersionDisks } from '../catalog/versions.ts'
import {
  openPointDisk,
  type PointDisk,
  type PointDiskDeps,
  type PointDiskOptions,
} from './point-disk.ts'

/** All disks of a point, held until each is closed. `purpose` as in WantedDisk. */
export async function openDisks(
  deps: PointDiskDeps,
  point: string,
  purpose: string,
  options: PointDiskOptions = {},
): Promise<PointDisk[]> {
  const { version } = await getPoint(deps.database, point)
  const rows = version === null ? [] : await readVersionDisks(deps.database, version)
  const opened: PointDisk[] = []
  try {
    // A point without version is deleted: opening says so.
    const names = rows.length > 0 ? rows.map(({ name }) => name) : [undefined]
    for (const disk of names)
      opened.push(await openPointDisk(deps, { point, disk, purpose }, options))
  } catch (error) {
    await closeDisks(opened)
    throw error
  }
  return opened
}

export async function closeDisks(disks: readonly PointDisk[]): Promise<void> {
  await Promise.all(disks.map((disk) => disk.close()))
}
