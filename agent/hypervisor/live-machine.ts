import { z } from 'zod'
import { HoldfastError } from '../../core/model/error.ts'
import { BlockGraph } from './block-graph.ts'
import { liveDisk, type Attachment, type LiveDisk } from './live-disk.ts'
import type { Qmp } from './qmp.ts'
import type { VmDeclaration } from './vm-file.ts'

/** A VM as its monitor shows it now. */
export interface LiveMachine {
  /** QEMU's own word: running, paused, inmigrate, ... `running` for qemu-storage-daemon. */
  readonly status: string
  readonly isStorageDaemon: boolean
  readonly graph: BlockGraph
  readonly disks: readonly LiveDisk[]
  /** What it is busy with, in words; '' when a point can be taken. */
  readonly busyWith: string
}

const blockDevice = z.looseObject({
  device: z.string(),
  qdev: z.string().optional(),
  removable: z.boolean(),
  inserted: z.looseObject({ 'node-name': z.string().optional(), ro: z.boolean() }).optional(),
})

const blockExport = z.looseObject({ id: z.string(), 'node-name': z.string(), type: z.string() })

/** Jobs are ours or somebody's; ours have our prefix and end with the job that made them. */
export async function lookAtMachine(
  qmp: Qmp,
  declaration: VmDeclaration,
  signal?: AbortSignal,
): Promise<LiveMachine> {
  const commands = await qmp.commands()
  const isStorageDaemon = !commands.has('query-status')
  if (!isStorageDaemon) await requireUuid(qmp, declaration, signal)
  // At once: each answer takes its time where libvirt passes it on.
  const [status, graph, attachments, moving, jobs] = await Promise.all([
    isStorageDaemon ? 'running' : statusOf(qmp, signal),
    BlockGraph.read(qmp, signal),
    attachmentsOf(qmp, declaration, isStorageDaemon, signal),
    commands.has('query-migrate') ? movingOf(qmp, signal) : '',
    jobsOf(qmp, signal),
  ])
  const disks = attachments.flatMap((one) => liveDisk(graph, one, declaration.disks) ?? [])
  const busyWith = occupation(status, moving, jobs)
  return { status, isStorageDaemon, graph, disks: inOrder(shared(disks), declaration), busyWith }
}

/** As they are declared, then as QEMU lists them. */
function inOrder(disks: readonly LiveDisk[], declaration: VmDeclaration): LiveDisk[] {
  const names = declaration.disks.map(({ name }) => name)
  const place = ({ name }: LiveDisk) => (names.includes(name) ? names.indexOf(name) : names.length)
  return [...disks].sort((a, b) => place(a) - place(b))
}

async function statusOf(qmp: Qmp, signal?: AbortSignal): Promise<string> {
  const { status } = await qmp.execute<{ status: string }>('query-status', {}, { signal })
  return status
}

/** A socket may by now belong to another VM: never take one for the other. */
async function requireUuid(
  qmp: Qmp,
  { uuid, name, file }: VmDeclaration,
  signal?: AbortSignal,
): Promise<void> {
  const { UUID } = await qmp.execute<{ UUID: string }>('query-uuid', {}, { signal })
  const isUnset = /^[0-]+$/.test(UUID)
  if (isUnset || UUID.toLowerCase() === uuid) return
  throw new HoldfastError(
    'source-not-protectable',
    `behind the monitor of ${name} runs a VM with another UUID, ${UUID}`,
    { hint: `Compare ${file} with how the VM is started.` },
  )
}

async function attachmentsOf(
  qmp: Qmp,
  declaration: VmDeclaration,
  isStorageDaemon: boolean,
  signal?: AbortSignal,
): Promise<Attachment[]> {
  if (isStorageDaemon) return exportsOf(qmp, declaration, signal)
  const devices = z
    .array(blockDevice)
    .parse(await qmp.execute('query-block', {}, { signal }))
    // Flash holds the firmware and its variables: part of the configuration.
    .filter(({ qdev, device }) => !/flash/.test(`${qdev ?? ''}${device}`))
  return devices.flatMap(({ device, qdev, removable, inserted }) => {
    const node = inserted?.['node-name']
    if (inserted === undefined || node === undefined || node === '') return []
    const id = idOf(qdev) ?? (device === '' ? undefined : device)
    return [{ id, device: qdev, node, isReadOnly: inserted.ro, isRemovable: removable }]
  })
}

/** `/machine/peripheral/virtio0/virtio-backend` → `virtio0`. */
function idOf(qdev: string | undefined): string | undefined {
  if (qdev === undefined) return undefined
  if (!qdev.startsWith('/')) return qdev
  return /^\/machine\/peripheral\/([^/]+)/.exec(qdev)?.[1]
}

/** The storage daemon has no devices: its exports are what a guest sees. Ours are not among them. */
async function exportsOf(
  qmp: Qmp,
  { disks }: VmDeclaration,
  signal?: AbortSignal,
): Promise<Attachment[]> {
  const exports = z
    .array(blockExport)
    .parse(await qmp.execute('query-block-exports', {}, { signal }))
  const nodes = new Set(
    exports.filter(({ id }) => !id.startsWith('hf-')).map((one) => one['node-name']),
  )
  for (const { node } of disks) if (node !== undefined) nodes.add(node)
  return [...nodes].map((node) => {
    return { id: undefined, device: undefined, node, isReadOnly: false, isRemovable: false }
  })
}

const runningJobs = z.array(z.looseObject({ id: z.string(), type: z.string(), status: z.string() }))

async function jobsOf(qmp: Qmp, signal?: AbortSignal): Promise<z.infer<typeof runningJobs>> {
  return runningJobs.parse(await qmp.execute('query-jobs', {}, { signal }))
}

async function movingOf(qmp: Qmp, signal?: AbortSignal): Promise<string> {
  const { status = '' } = await qmp.execute<{ status?: string }>('query-migrate', {}, { signal })
  return status
}

const MIGRATING = new Set(['inmigrate', 'postmigrate', 'finish-migrate'])
const PASSING = new Set(['save-vm', 'restore-vm', 'colo', 'prelaunch', 'shutdown'])
const MOVING = /^(setup|active|postcopy-.*|pre-switchover|device|wait-unplug|cancelling)$/

function occupation(status: string, moving: string, jobs: z.infer<typeof runningJobs>): string {
  if (MIGRATING.has(status)) return `a migration (${status})`
  if (PASSING.has(status)) return `its state, ${status}`
  if (MOVING.test(moving)) return `a migration (${moving})`
  const job = jobs.find((one) => one.status !== 'concluded' && one.status !== 'null')
  return job ? `the block job ${job.id} (${job.type})` : ''
}

/** Two devices on one node: neither can be frozen without the other. */
function shared(disks: readonly LiveDisk[]): LiveDisk[] {
  return disks.map((disk) => {
    const others = disks.filter(({ node }) => node === disk.node)
    if (others.length === 1 || disk.reason !== '') return disk
    return { ...disk, reason: 'shared: several devices have this image' }
  })
}
