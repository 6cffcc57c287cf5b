import { rm, stat } from 'node:fs/promises'
import { z } from 'zod'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { thawGuest } from '../guest/kept-freeze.ts'
import { BlockGraph } from './block-graph.ts'
import { goOn } from './go-on.ts'
import { insertFilters, type FilterPlace } from './insertion.ts'
import { endSaving } from './migration-settings.ts'
import { QmpRefusal, type Qmp } from './qmp.ts'
import type { VmUndoRecord } from './vm-undo.ts'

const EXPORT_GONE_MS = 10_000
const POLL_MS = 20

/**
 * Takes everything of a job out of a VM again; also what a crashed agent left, as its record names
 * it. Whatever is not there is passed over, so that it may be called at any step and again:
 * 1. the guest first: it thaws and runs again; 2. exports; 3. filters out of the guest's way, the disks as
 * they are now below them; 4. nodes and the frozen bitmaps; 5. our NBD server; 6. files.
 * What fails does not keep the others from being tried; the first error is thrown at the end.
 */
export async function dismantle(qmp: Qmp, record: VmUndoRecord, clock: Clock): Promise<void> {
  const errors: unknown[] = []
  const attempt = (step: Promise<void>) => step.catch((error: unknown) => void errors.push(error))
  if (record.frozenAgent !== '') await attempt(thawGuest(record.frozenAgent).then(() => {}))
  if (record.memory) await attempt(endSaving(qmp, record.memory, clock).then(() => {}))
  if (record.isStopped) await attempt(goOn(qmp))
  for (const id of record.exports) await attempt(endExport(qmp, id, clock))
  for (const node of record.accessNodes) await attempt(removeNode(qmp, node))
  await attempt(takeFiltersOut(qmp, record.filters))
  for (const node of [...record.filters, ...record.targets]) await attempt(removeNode(qmp, node))
  for (const { node, name } of record.frozen) await attempt(removeBitmap(qmp, node, name))
  if (record.nbdSocket !== '' && (await exists(record.nbdSocket)))
    await attempt(passed(qmp.execute('nbd-server-stop')))
  if (errors.length > 0) throw errors[0]
  await removeFiles(record)
}

/** For a QEMU that is no more: its nodes went with it. */
export async function removeFiles({ files }: Pick<VmUndoRecord, 'files'>): Promise<void> {
  for (const file of files) await rm(file, { recursive: true, force: true })
}

export async function removeBitmap(qmp: Qmp, node: string, name: string): Promise<void> {
  await passed(qmp.execute('block-dirty-bitmap-remove', { node, name }))
}

const exported = z.array(z.looseObject({ id: z.string() }))

export async function endExport(qmp: Qmp, id: string, clock: Clock): Promise<void> {
  const isThere = async () =>
    exported.parse(await qmp.execute('query-block-exports')).some((one) => one.id === id)
  if (!(await isThere())) return
  await passed(qmp.execute('block-export-del', { id, mode: 'hard' }))
  const deadline = clock.monotonic() + EXPORT_GONE_MS
  while (await isThere()) {
    if (clock.monotonic() > deadline)
      throw new HoldfastError('hypervisor-failed', `the export ${id} does not go away`)
    await clock.sleep(POLL_MS)
  }
}

/** What is below a filter now: somebody may have put an overlay on the disk meanwhile. */
async function takeFiltersOut(qmp: Qmp, filters: readonly string[]): Promise<void> {
  const graph = await BlockGraph.read(qmp)
  const devices = await devicesOf(qmp)
  const places: FilterPlace[] = []
  for (const filter of filters) {
    const below = graph.child(filter, 'file')
    if (below === undefined) continue
    const device = devices.get(filter)
    if (device !== undefined) places.push({ insertion: { how: 'device', device }, node: below })
    for (const parent of graph.parents(filter, 'file'))
      if (graph.node(parent)?.drv === 'raw')
        places.push({ insertion: { how: 'reopen', parent }, node: below })
  }
  await insertFilters(qmp, graph, places)
}

const attached = z.array(
  z.looseObject({
    qdev: z.string().optional(),
    inserted: z.looseObject({ 'node-name': z.string().optional() }).optional(),
  }),
)

async function devicesOf(qmp: Qmp): Promise<Map<string, string>> {
  const devices = new Map<string, string>()
  for (const { qdev, inserted } of attached.parse(await qmp.execute('query-block')))
    if (qdev !== undefined && inserted?.['node-name'] !== undefined)
      devices.set(inserted['node-name'], qdev)
  return devices
}

async function removeNode(qmp: Qmp, node: string): Promise<void> {
  await qmp.execute('blockdev-del', { 'node-name': node }).catch((error: unknown) => {
    if (isAbsent(error)) return
    throw error
  })
}

/** QEMU's words for what is not there; any other refusal is told. */
function isAbsent(error: unknown): boolean {
  return (
    error instanceof QmpRefusal &&
    /Failed to find node|not found|Cannot find|does not exist/i.test(error.desc)
  )
}

/** QEMU makes the socket of its NBD server, and removes it: where ours is, the server is ours. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function passed(command: Promise<unknown>): Promise<void> {
  await command.catch((error: unknown) => {
    if (isAbsent(error) || isNoServer(error)) return
    throw error
  })
}

function isNoServer(error: unknown): boolean {
  return error instanceof QmpRefusal && /NBD server not running/i.test(error.desc)
}
