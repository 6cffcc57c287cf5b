import type { VolumeLayout } from '../../core/filesystem/browse/layout.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { RESTORES_PARTS } from '../../core/model/agent-feature.ts'
import type { RestoreHost } from '../catalog/restore-target.ts'
import type { VersionDiskRow } from '../catalog/versions.ts'

/** Refuses what the host's agent cannot do. */
export function requirePart(host: RestoreHost): void {
  if (!host.features.includes(RESTORES_PARTS))
    throw new HoldfastError(
      'version-incompatible',
      `the agent of ${host.name} is too old to restore a partition alone`,
      { hint: 'Update it, or restore the whole disk.' },
    )
}

/** For the target's sake it is a disk of its own size. */
export function partAsDisk(
  { name, sizeBytes }: VolumeLayout,
  disks: readonly VersionDiskRow[],
): VersionDiskRow {
  const [first] = disks
  if (!first) throw new HoldfastError('not-found', `${name} lies on no disk`)
  return { ...first, name, sizeBytes }
}

/** For sentences: `partition 2`, `logical volume vg/data`. */
export function partInWords({ partition, name }: VolumeLayout): string {
  return partition ? `partition ${partition.number}` : `logical volume ${name}`
}

/** In names of files: `-p2`, `-group-volume`. */
export function partSuffix(part: VolumeLayout | undefined): string {
  if (!part) return ''
  if (part.partition) return `-p${part.partition.number}`
  return `-${part.name.slice(part.name.lastIndexOf(':') + 1).replaceAll('/', '-')}`
}
