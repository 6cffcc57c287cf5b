import { basename } from 'node:path'
import { formatByName, type ImageFormat } from '../source/image-format.ts'
import type { DirtyBitmap } from './bitmap.ts'
import type { BlockGraph, BlockNodeInfo } from './block-graph.ts'
import type { DeclaredDisk } from './vm-file.ts'

/** How a filter gets into the way of the guest's writes. */
export type Insertion =
  /** Under a `raw` node on top of the format: all disks of a VM in one command. */
  | { readonly how: 'reopen'; readonly parent: string }
  /** As the drive of the guest's device, which QEMU exchanges disk by disk. */
  | { readonly how: 'device'; readonly device: string }

/** A disk of a running VM. */
export interface LiveDisk {
  readonly name: string
  /** The node of its format, which has the bitmaps. */
  readonly node: string
  /** What the guest's device sees. */
  readonly top: string
  /** What the filter goes on. */
  readonly below: string
  readonly insertion: Insertion | undefined
  readonly path: string
  readonly format: ImageFormat
  readonly sizeBytes: number
  readonly bitmaps: readonly DirtyBitmap[]
  readonly isPersistent: boolean
  readonly info: BlockNodeInfo
  /** Why it cannot be protected; '' when it can. */
  readonly reason: string
}

/** What hangs in the guest's view: a device, or for qemu-storage-daemon an export. */
export interface Attachment {
  /** Stable name that QEMU has for it, such as the device's id. */
  readonly id: string | undefined
  readonly device: string | undefined
  readonly node: string
  readonly isReadOnly: boolean
  readonly isRemovable: boolean
}

const FILTERS = new Set(['throttle', 'copy-on-read', 'copy-before-write', 'preallocate'])
/** What a `raw` node may lie on and be the disk's format itself. */
const PROTOCOLS = new Set(
  'file host_device host_cdrom nbd rbd iscsi http https ftp ftps gluster nfs ssh nvme null-co null-aio blkdebug blkverify blklogwrites'.split(
    ' ',
  ),
)
const PASSTHROUGH = new Set(['host_cdrom'])

/** Follows the nodes from what the guest sees down to the disk's own format. */
export function liveDisk(
  graph: BlockGraph,
  attachment: Attachment,
  declared: readonly DeclaredDisk[],
): LiveDisk | undefined {
  const path = downToFormat(graph, attachment.node)
  const node = path.at(-1)
  const info = node === undefined ? undefined : graph.node(node)
  if (node === undefined || !info) return undefined
  const known = declared.find((one) => isDeclared(one, attachment, path, info))
  const filename = fileOf(graph, node) ?? info.file
  return {
    name: known?.name ?? nameOf(attachment, filename),
    node,
    top: attachment.node,
    ...placeOf(graph, path, attachment),
    path: filename,
    format: formatByName(info.drv) ?? 'raw',
    sizeBytes: info.image['virtual-size'],
    bitmaps: info['dirty-bitmaps'] ?? [],
    isPersistent: info.drv === 'qcow2' && info.image['format-specific']?.data.compat !== '0.10',
    info,
    reason: known?.reason || reasonOf(info, attachment, placeOf(graph, path, attachment).insertion),
  }
}

/** From the top node to the one of the format, both included. */
function downToFormat(graph: BlockGraph, top: string): string[] {
  const path: string[] = []
  for (let name: string | undefined = top; name !== undefined && path.length < 32;) {
    path.push(name)
    name = filtered(graph, name)
  }
  return path
}

/** What a node merely passes through; undefined when it is the format, or the image's file. */
function filtered(graph: BlockGraph, name: string): string | undefined {
  const info = graph.node(name)
  const child = graph.child(name, 'file') ?? graph.child(name, 'backing')
  const below = child === undefined ? undefined : graph.node(child)
  if (!info || !below) return undefined
  if (FILTERS.has(info.drv)) return child
  const isWindow = info.image['virtual-size'] !== below.image['virtual-size']
  return info.drv === 'raw' && !PROTOCOLS.has(below.drv) && !isWindow ? child : undefined
}

function isDeclared(
  disk: DeclaredDisk,
  { id, device }: Attachment,
  nodes: readonly string[],
  info: BlockNodeInfo,
): boolean {
  if (disk.node !== undefined) return nodes.includes(disk.node)
  if (disk.device !== undefined) return disk.device === id || disk.device === device
  return info.file === disk.path || info.image.filename === disk.path
}

function nameOf({ id, node }: Attachment, filename: string): string {
  if (id !== undefined && id !== '') return id
  return node.startsWith('#') ? basename(filename) : node
}

function fileOf(graph: BlockGraph, node: string): string | undefined {
  const child = graph.child(node, 'file')
  return child === undefined ? undefined : graph.node(child)?.file
}

/** A `raw` node right above the format is best: no device needs to be touched. */
function placeOf(
  graph: BlockGraph,
  path: readonly string[],
  { device }: Attachment,
): { below: string; insertion: Insertion | undefined } {
  const [top = ''] = path
  for (const [at, name] of path.slice(0, -1).entries()) {
    const below = path[at + 1] ?? ''
    if (graph.node(name)?.drv === 'raw')
      return { below, insertion: { how: 'reopen', parent: name } }
  }
  return { below: top, insertion: device === undefined ? undefined : { how: 'device', device } }
}

function reasonOf(
  info: BlockNodeInfo,
  attachment: Attachment,
  insertion: Insertion | undefined,
): string {
  if (attachment.isRemovable && attachment.isReadOnly) return 'read-only-medium: a CD or DVD'
  if (PASSTHROUGH.has(info.drv)) return 'passed-through: the device is the host’s own'
  if (info.ro || attachment.isReadOnly) return 'read-only: nothing in it changes'
  if (info.image['virtual-size'] === 0) return 'empty: a disk of 0 bytes'
  if (!insertion) return 'no-way-in: it has no device that a filter could be given to'
  return ''
}
