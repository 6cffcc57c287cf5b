import { HoldfastError } from '../../model/error.ts'
import type { ByteReader } from '../byte-reader.ts'
import type { GuestFileSystem } from '../file-system.ts'
import { readChecked } from '../mapped-file.ts'
import { cached } from '../read-cache.ts'
import { parseBootSector } from './boot-sector.ts'
import { openFileTable, type FileTable } from './file-table.ts'
import { staleWarnings } from './log/stale.ts'
import { labelOf, NtfsFileSystem } from './ntfs-file-system.ts'
import { readFile } from './ntfs-file.ts'
import { ATTRIBUTE } from './record.ts'

const LOG = 2
const VOLUME = 3
const ROOT = 5
const IS_DIRTY = 1

/** NTFS 3.x. The log is not replayed; `warnings` names the files that it has newer changes of. */
export async function openNtfs(source: ByteReader): Promise<GuestFileSystem> {
  const disk = cached(source)
  const geometry = parseBootSector(await readChecked(disk, 0, 512))
  const table = await openFileTable(disk, geometry)
  const root = await readFile(table, ROOT)
  const { label, warnings } = await aboutVolume(table)
  const about = { label, warnings, rootSequence: root.record.sequence }
  return new NtfsFileSystem(source, table, about)
}

async function aboutVolume(table: FileTable): Promise<{ label: string; warnings: string[] }> {
  try {
    const volume = await readFile(table, VOLUME)
    const information = await volume.value(ATTRIBUTE.volumeInformation)
    const label = labelOf(await volume.value(ATTRIBUTE.volumeName))
    const log = await (await readFile(table, LOG)).open(table.disk, ATTRIBUTE.data)
    const warnings = await staleWarnings(table, log)
    if (information && information.length >= 12 && (information.readUInt16LE(10) & IS_DIRTY) !== 0)
      warnings.push('ntfs: the volume is marked to be checked (chkdsk)')
    return { label, warnings }
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error
    return { label: '', warnings: ['ntfs: the state of the volume is unreadable'] }
  }
}
