import { toHoldfastError } from '../../model/error.ts'
import type { GuestFileSystem, NodeId } from '../file-system.ts'
import { MAX_FSTAB_BYTES, parseFstab, type FstabEntry } from './fstab.ts'
import { resolvePath } from './resolve.ts'
import { volumeId } from './volume-id.ts'
import type { GuestVolume, GuestVolumes } from './volumes.ts'

/** A file system where the guest has it mounted. */
export interface Mount {
  readonly volume: GuestVolume
  readonly system: GuestFileSystem
  /** The folder of it that is mounted. */
  readonly root: NodeId
}

/** Where the guest mounts its volumes, by its own /etc/fstab. */
export interface MountTable {
  readonly root: Mount
  /** `at` as in FstabEntry. Undefined where nothing is mounted, or what is not in this point. */
  mountAt(at: string): Promise<Mount | undefined>
  /** Places below this one where something else is mounted. */
  below(at: string): readonly string[]
}

const tables = new WeakMap<GuestVolumes, Promise<MountTable | undefined>>()

/** Undefined where no volume, or more than one, has an /etc/fstab that can be read. */
export function mountTable(volumes: GuestVolumes): Promise<MountTable | undefined> {
  const known = tables.get(volumes) ?? readTable(volumes)
  tables.set(volumes, known)
  return known
}

async function readTable(volumes: GuestVolumes): Promise<MountTable | undefined> {
  const found: { readonly root: Mount; readonly entries: readonly FstabEntry[] }[] = []
  const all = await volumes.all()
  for (const volume of all.filter((one) => one.isReadable && UNIX.has(one.content))) {
    const one = await fstabOf(volumes, volume).catch((error: unknown) => {
      const { code } = toHoldfastError(error)
      if (!code.startsWith('filesystem-')) throw error
      return undefined // it is damaged: another volume may have one
    })
    if (one) found.push(one)
  }
  const [only, ...others] = found
  return only && others.length === 0 ? new Table(volumes, only.root, only.entries) : undefined
}

const UNIX = new Set<string>(['ext', 'xfs', 'btrfs'])
/** Of a btrfs the root is a subvolume, called so by distributions. */
const ROOTS = ['/', '/@', '/@rootfs', '/root', '/@/.snapshots/1/snapshot']

async function fstabOf(volumes: GuestVolumes, volume: GuestVolume) {
  const system = await volumes.open(volume)
  for (const path of system.kind === 'btrfs' ? ROOTS : ROOTS.slice(0, 1)) {
    const file = await resolvePath(system, Buffer.from(`${path}/etc/fstab`), { followLast: true })
    const root = await resolvePath(system, Buffer.from(path))
    if (file?.type !== 'file' || !root) continue
    const content = await system.open(file.id)
    const bytes = await content.read(0, Math.min(content.sizeBytes, MAX_FSTAB_BYTES))
    const entries = parseFstab(bytes)
    if (entries.some(({ at }) => at === ''))
      return { root: { volume, system, root: root.id }, entries }
  }
  return undefined
}

class Table implements MountTable {
  readonly root: Mount
  readonly #volumes: GuestVolumes
  readonly #entries: ReadonlyMap<string, FstabEntry>
  readonly #mounts = new Map<string, Promise<Mount | undefined>>()

  constructor(volumes: GuestVolumes, root: Mount, entries: readonly FstabEntry[]) {
    this.root = root
    this.#volumes = volumes
    this.#entries = new Map(entries.map((entry) => [entry.at, entry]))
  }

  mountAt(at: string): Promise<Mount | undefined> {
    const entry = this.#entries.get(at)
    if (!entry || at === '') return Promise.resolve(undefined)
    const mount = this.#mounts.get(at) ?? this.#mount(entry)
    this.#mounts.set(at, mount)
    return mount
  }

  below(at: string): string[] {
    return [...this.#entries.keys()].filter((one) => one !== at && one.startsWith(`${at}/`))
  }

  async #mount({ what, options }: FstabEntry): Promise<Mount | undefined> {
    const volume = await findVolume(this.#volumes, what)
    if (!volume?.isReadable) return undefined
    const system = await this.#volumes.open(volume)
    const subvolume = options.find((option) => option.startsWith('subvol='))?.slice(7) ?? '/'
    const root = await resolvePath(system, Buffer.from(`/${subvolume}`, 'latin1'))
    return root?.type === 'folder' ? { volume, system, root: root.id } : undefined
  }
}

async function findVolume(volumes: GuestVolumes, what: string): Promise<GuestVolume | undefined> {
  const all = await volumes.all()
  const [, kind = '', value = ''] =
    /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/.exec(what) ??
    /^\/dev\/disk\/by-(uuid|label|partuuid|partlabel)\/(.*)$/.exec(what) ??
    []
  const wanted = kind.toLowerCase()
  if (wanted === '') return all.find((volume) => deviceNames(volume, all).includes(what))
  for (const volume of all) {
    const is = await nameOf(volumes, volume, wanted)
    if (is !== undefined && (is === value || is === value.toLowerCase())) return volume
  }
  return undefined
}

async function nameOf(
  volumes: GuestVolumes,
  volume: GuestVolume,
  kind: string,
): Promise<string | undefined> {
  const { content, reader, partition, isReadable } = volume
  if (kind === 'uuid') return reader ? volumeId(content, reader) : undefined
  if (kind === 'partuuid') return partition?.uuid
  if (kind === 'partlabel') return partition?.name
  if (!isReadable) return undefined
  const system = await volumes.open(volume).catch(() => undefined) // its label cannot be known
  return system && Buffer.from(system.label, 'utf8').toString('latin1')
}

/** What Linux may call it. Disks are taken in their order: `sda`, `vda` and so on are the first. */
function deviceNames(
  { disks, partition, logical }: GuestVolume,
  all: readonly GuestVolume[],
): string[] {
  if (logical !== undefined) {
    const [group = '', name = ''] = logical.split('/')
    const doubled = (text: string) => text.replaceAll('-', '--')
    return [`/dev/${logical}`, `/dev/mapper/${doubled(group)}-${doubled(name)}`]
  }
  const order = [...new Set(all.flatMap((volume) => volume.disks))]
  const at = order.indexOf(disks[0] ?? '')
  const number = partition?.number ? String(partition.number) : ''
  const letter = String.fromCharCode(0x61 + at)
  return [
    ...['sd', 'vd', 'xvd', 'hd'].map((kind) => `/dev/${kind}${letter}${number}`),
    `/dev/nvme${at}n1${number && `p${number}`}`,
  ]
}
