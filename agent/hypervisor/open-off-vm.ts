import { dirname } from 'node:path'
import { withImage } from '../../core/disk/format/image-file.ts'
import { readQcow2 } from '../../core/disk/format/qcow2.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { blockDeviceSize } from '../source/block-device.ts'
import { isPlaced } from '../source/clone/open-clone.ts'
import type { ImageFormat } from '../source/image-format.ts'
import { readLayout } from '../source/image-layout.ts'
import { refuseEmpty } from '../source/opened-disk.ts'
import type { OpenOptions, SourceView } from '../source/source.ts'
import { fileCompanions, flashWords, named } from './companions.ts'
import { ImageBitmaps } from './image-bitmaps.ts'
import { lackingWarnings } from './lacking.ts'
import { OffClones } from './off-clones.ts'
import { OffView, type OffDisk } from './off-view.ts'
import type { VmContext } from './vm-context.ts'
import type { DeclaredDisk, VmDeclaration } from './vm-file.ts'

/** What a VM has while it is off: as declared, else as it was last seen running. */
export async function knownDisks(
  { memory }: Pick<VmContext, 'memory'>,
  { uuid, disks }: VmDeclaration,
): Promise<readonly DeclaredDisk[]> {
  if (disks.length > 0) return disks
  const seen = await memory.disksOf(uuid)
  return seen
    .filter(({ protectable }) => protectable)
    .map(({ name, path, format }) => ({ name, path, format: format as ImageFormat }))
}

export async function openOffVm(
  context: VmContext,
  declaration: VmDeclaration,
  options: OpenOptions,
): Promise<SourceView> {
  const { searchPath, clock, log } = context
  const { signal, excludeDisks, wishes } = options
  const all = await knownDisks(context, declaration)
  const known = all.filter(({ name, reason = '' }) => reason === '' && !excludeDisks.includes(name))
  if (all.length === 0)
    throw new HoldfastError('source-missing', `nobody knows what disks ${declaration.name} has`, {
      hint: `It is off: say its disks in ${declaration.file}, or start it.`,
    })
  if (known.length === 0)
    throw new HoldfastError(
      'source-not-protectable',
      `the VM ${declaration.name} is off and has no disk that can be protected so`,
      { hint: '`holdfast source show` lists its disks and why each is left out.' },
    )
  const companions = named(
    await fileCompanions(declaration, flashWords(declaration)),
    all.map((one) => one.name),
  )
  const files = companions.map(({ name, path }): DeclaredDisk => ({ name, path, format: 'raw' }))
  const allowed = [...new Set([...known, ...files].map(({ path }) => dirname(path)))]
  const disks: OffDisk[] = []
  for (const disk of known) disks.push(await lookAt(disk, allowed, context))
  // Small, and written at every start: reading them whole costs less than a clone.
  for (const file of files)
    disks.push({ ...(await lookAt(file, allowed, context)), isCloned: false })
  const { name, uuid, firmware = 'bios' } = declaration
  const configuration = JSON.stringify({
    kind: declaration.libvirt ? 'libvirt' : 'qemu',
    libvirt: declaration.libvirt,
    ...{ name, uuid, firmware, status: 'shutdown' },
    disks: disks.slice(0, known.length).map(({ name: one, path, format, sizeBytes }) => ({
      ...{ name: one, path, format, sizeBytes },
    })),
    lacking: all
      .filter((one) => !known.includes(one))
      .map((one) => ({ name: one.name, path: one.path, reason: one.reason || 'excluded' })),
    companions,
    declared: declaration.libvirt ? undefined : declaredAs(declaration),
  })
  const warnings = lackingWarnings(all)
  if (wishes?.memory === true) warnings.push('it was off: there is no memory to save')
  // The last that can fail: what is cloned is given back by the view.
  const around = { clones: context.clones, log, searchPath, clock, signal }
  const clones = await OffClones.take(disks, around)
  return new OffView({
    ...{ name, disks, clones, warnings, allowed, configuration },
    context: { searchPath, clock, signal },
  })
}

/** What the operator says of it: a VM made of this point is started like it. */
export function declaredAs({ qmp, guestAgent, start, file, disks }: VmDeclaration) {
  return { qmp, guestAgent, start, file, disks }
}

async function lookAt(
  { name, path, format }: DeclaredDisk,
  allowed: readonly string[],
  { names, searchPath }: VmContext,
): Promise<OffDisk> {
  const layout = await readLayout(path, format, allowed)
  const { sizeBytes, node } = layout
  refuseEmpty(path, sizeBytes)
  const disk = { name, path, format, sizeBytes, node }
  if (await holdsBitmaps(path, format)) {
    const bitmaps = new ImageBitmaps(path, name, names, searchPath)
    return { ...disk, tracker: await bitmaps.judge(), bitmaps, isCloned: false }
  }
  const tracker = { bases: [], reason: 'format-without-bitmaps' }
  return { ...disk, tracker, bitmaps: undefined, isCloned: isPlaced(layout) }
}

async function holdsBitmaps(path: string, format: ImageFormat): Promise<boolean> {
  if (format !== 'qcow2') return false
  const { canHoldBitmaps } = await withImage(path, readQcow2, await blockDeviceSize(path))
  return canHoldBitmaps
}
