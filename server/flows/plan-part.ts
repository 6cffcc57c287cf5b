import type { VolumeLayout } from '../../core/filesystem/browse/layout.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { RESTORES_PARTS } from '../../core/model/agent-feature.ts'
import type { RestoreHost } from '../catalog/restore-target.ts'
import type { VersionDiskRow } from '../catalog/versions.ts'

/** Refuses what the host's agent cannot do, or nobody. */
export function requirePart(part: VolumeLayout, original: boolean, host: RestoreHost): void {
  if (!host.features.includes(RESTORES_PARTS))
    throw new HoldfastError(
      'version-incompatible',
      `the agent of ${host.name} is too old to restore a partition alone`,
      { hint: 'Update it, or restore the whole disk.' },
    )
  if (original && !part.partition)
    throw new HoldfastError('target-refused', 'a logical volume is restored into an image only', {
      hint: 'Give --to HOST --path DIR, and copy the image where it belongs.',
    })
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

/** In names of files: `-p2`, `-group-volume`. */
export function partSuffix(part: VolumeLayout | undefined): string {
  if (!part) return ''
  if (part.partition) return `-p${part.partition.number}`
  return `-${part.name.slice(part.name.lastIndexOf(':') + 1).replaceAll('/', '-')}`
}
