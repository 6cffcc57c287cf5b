import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { openPlainPool } from '../core/chunk/plain-pool.ts'
import { openChunkWorkers } from '../core/chunk/chunk-workers.ts'
import { openRestorePool } from '../core/chunk/restore-pool.ts'
import { toFeatures } from '../core/machine/host-features.ts'
import { RESTORES_PARTS } from '../core/model/agent-feature.ts'
import { HoldfastError } from '../core/model/error.ts'
import { systemClock, type Clock } from '../core/runtime/clock.ts'
import { lockFolder } from '../core/runtime/folder-lock.ts'
import { withRoomIn } from '../core/runtime/full-disk.ts'
import { Lifecycle } from '../core/runtime/lifecycle.ts'
import type { Logger } from '../core/runtime/log.ts'
import { createLogger } from '../core/runtime/log-winston.ts'
import { randomId, systemRandom } from '../core/runtime/random.ts'
import { stopSignal } from '../core/runtime/stop-signal.ts'
import type { HelloReply__Output } from '../core/wire/generated/holdfast/v1/HelloReply.ts'
import type { Work__Output } from '../core/wire/generated/holdfast/v1/Work.ts'
import { TokenBucket } from '../core/runtime/token-bucket.ts'
import { openHostSources } from './host-sources.ts'
import { enrol } from './identity/enrol.ts'
import type { Identity } from './identity/identity.ts'
import { readIdentity } from './identity/identity-store.ts'
import { keepRenewed, rememberAddresses } from './identity/renewal.ts'
import { ItemMarkers } from './items/item-markers.ts'
import { ItemRuns } from './items/run-items.ts'
import { untouchableFiles } from './items/untouchable.ts'
import { runFeedLoop } from './jobs/feed-loop.ts'
import { followInventory, sendInventory, type InventoryDeps } from './jobs/inventory.ts'
import { JobRuns } from './jobs/job-runs.ts'
import { sameMachineWarnings } from './jobs/same-machine.ts'
import { createWorkHandler } from './jobs/work.ts'
import { readJoinToken } from './join-token.ts'
import { followVmUndo, replayVmUndo } from './hypervisor/replay-vm-undo.ts'
import { GrpcLink } from './link/grpc-link.ts'
import type { AgentOptions, AgentReady } from './options.ts'
import { machinesOfHost } from './hypervisor/qemu-host.ts'
import type { VmContext } from './hypervisor/vm-context.ts'
import { MachineNotes } from './recovery/machine-notes.ts'
import type { MachineDeps } from './recovery/recover-machine.ts'
import { rememberOptions } from './remembered-options.ts'
import { replayUndoLog } from './restore/replay-undo.ts'
import { UndoLog } from './restore/undo-log.ts'
import { Clones } from './source/clone/clones.ts'
import { splitFormat } from './source/image-format.ts'
import { RememberedSources } from './source/remembered-sources.ts'
import { openReadPool } from './transfer/read-pool.ts'

/** Runs the agent of this host until it is told to stop, or until only a person can help. */
export function runAgent(options: AgentOptions): Promise<void> {
  return withRoomIn(options.dataFolder, () => runStoppable(options))
}

async function runStoppable(options: AgentOptions): Promise<void> {
  const lifecycle = new Lifecycle()
  const stop = stopSignal()
  const log = createLogger({
    level: options.logLevel,
    folder: join(options.dataFolder, 'logs'),
    name: 'agent',
  })
  const stopping = new AbortController()
  void stop.received.then(() => {
    log.info('stopping', { signal: stop.name() })
    stopping.abort(new HoldfastError('job-interrupted', 'the agent is stopping'))
  })
  try {
    await serve(options, log, lifecycle, stopping.signal)
  } finally {
    await lifecycle.release()
  }
}

async function serve(
  options: AgentOptions,
  log: Logger,
  lifecycle: Lifecycle,
  signal: AbortSignal,
): Promise<void> {
  const clock = systemClock
  const { dataFolder } = options
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(join(dataFolder, 'lock'), clock)
  lifecycle.onRelease('the data folder', () => lock.release())
  const identity = await openIdentity(options)
  const undoLog = new UndoLog(join(dataFolder, 'undo'))
  await replayUndoLog(undoLog, log)

  const link = new GrpcLink({ identity, clock })
  lifecycle.onRelease('the connection', () => link.close())
  const readPool = openReadPool()
  lifecycle.onRelease('the readers', () => readPool.close())
  const workers = openChunkWorkers()
  lifecycle.onRelease('the chunk workers', () => workers.close())

  await rememberOptions(options)
  const clones = await openClones(options, { identity, clock, log }, lifecycle)
  const seams = { serverId: identity.serverId, clock, log, lifecycle, clones }
  const { provider, context, declarations } = openHostSources(options, seams)
  await replayVmUndo(context)
  lifecycle.onRelease('the undo log', followVmUndo(context))
  const remembered = new RememberedSources(dataFolder)
  const restoreRoots = await restoreRootsOf(options)
  const session = randomId(systemRandom, 'session', 16)
  const machine = machineDeps(options, context, declarations)
  const throttle = new TokenBucket(clock, 0)
  const searchPath = process.env['PATH'] ?? ''
  const markers = new ItemMarkers(dataFolder)
  await markers.cleanUp(restoreRoots, log)
  const items = new ItemRuns({
    ...{ link, roots: restoreRoots, markers, searchPath, clock, log },
    pool: openPlainPool(workers),
    untouchable: () => untouchableFiles(provider),
  })
  lifecycle.onRelease('recoveries of files', () => items.close())
  const runs = new JobRuns(log)
  lifecycle.onRelease('the jobs', () =>
    runs.stopAll(new HoldfastError('job-interrupted', 'the agent is stopping')),
  )
  const handler = createWorkHandler({
    ...{ link, provider, remembered, runs, items, undoLog, restoreRoots, throttle, clock, log },
    readPool,
    restorePool: openRestorePool(workers),
    searchPath,
    machine,
    scripts: options.scripts,
  })
  const inventory = {
    ...{ link, provider, remembered, session, restoreRoots, clock, log },
    warnings: () => Promise.resolve(sameMachineWarnings(identity.addresses)),
  }
  const features = async () => [...(await featuresOf(options, machine)), RESTORES_PARTS]
  const follow = { identity, link, inventory, handler, session, features, clock, log }
  await followServer(options, follow, signal)
}

interface Following {
  readonly identity: Identity
  readonly link: GrpcLink
  readonly inventory: InventoryDeps
  readonly handler: (work: Work__Output) => void
  readonly session: string
  readonly features: () => Promise<string[]>
  readonly clock: Clock
  readonly log: Logger
}

/** Stays connected: certificate, inventory and feed, until `signal` aborts. */
async function followServer(
  options: AgentOptions,
  { identity, link, inventory, handler, session, features, clock, log }: Following,
  signal: AbortSignal,
): Promise<void> {
  const { dataFolder } = options
  const onRenewed = (renewed: Identity) => link.useIdentity(renewed)
  const renew = (request: Buffer, renewing: AbortSignal) => link.renew(request, renewing)
  const background = [
    keepRenewed({ folder: dataFolder, identity, clock, log, renew, onRenewed }, signal),
    followInventory(inventory, signal),
  ]
  let ready: AgentReady | undefined
  let { onReady } = options
  // The first thing that the feed brings says that the server counts on this agent.
  const onWork = (work: Work__Output) => {
    if (ready) onReady?.(ready)
    onReady = undefined
    handler(work)
  }
  const onConnected = async (reply: HelloReply__Output) => {
    await rememberAddresses(dataFolder, identity, reply.addresses)
    const sources = await sendInventory(inventory, signal)
    ready = { host: reply.hostName, server: reply.serverId, sources }
  }
  await runFeedLoop({ link, session, features, clock, log, onWork, onConnected }, signal)
  await Promise.all(background)
}

function machineDeps(
  { dataFolder, libvirts }: AgentOptions,
  { monitors, clock }: VmContext,
  declarations: MachineDeps['declarations'],
): MachineDeps {
  return {
    ...{ monitors, clock, declarations, libvirts, machines: memoized(machinesOfHost) },
    notes: new MachineNotes(join(dataFolder, 'vm-undo')),
    logFile: (vm) => join(dataFolder, 'logs', `vm-${encodeURIComponent(vm)}.log`),
  }
}

/** Asking costs the start of a QEMU: on hosts without VMs it is asked when it matters. */
async function featuresOf(
  { vms, libvirts }: AgentOptions,
  { machines }: MachineDeps,
): Promise<string[]> {
  const found = vms.length + libvirts.length > 0 ? await machines() : undefined
  return found ? toFeatures(found) : []
}

/** Asked once, when somebody first wants to know. */
function memoized<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => (answer ??= ask())
}

async function openIdentity(options: AgentOptions): Promise<Identity> {
  const known = await readIdentity(options.dataFolder)
  if (known) return known
  const token = await readJoinToken(options)
  if (token === undefined)
    throw new HoldfastError('credential-missing', 'this host is not enrolled yet', {
      hint: 'Make a join token with `holdfast token create` on the server and give it with --join-file.',
    })
  const hostName = options.name ?? hostname()
  return enrol({ folder: options.dataFolder, token, hostName })
}

/** What a killed agent left goes, and everything where clones are not wanted any more. */
async function openClones(
  { dataFolder, reflink }: AgentOptions,
  seams: { readonly identity: Identity; readonly clock: Clock; readonly log: Logger },
  lifecycle: Lifecycle,
): Promise<Clones | undefined> {
  const clones = new Clones({ dataFolder, ...seams })
  await clones.cleanUp(!reflink)
  if (!reflink) return undefined
  lifecycle.onRelease('the clones of images', clones.watch())
  return clones
}

/** Recoveries write below these only. */
async function restoreRootsOf(options: AgentOptions): Promise<string[]> {
  const own = join(options.dataFolder, 'restores')
  await mkdir(own, { recursive: true, mode: 0o700 })
  const sources = options.sources.flatMap(({ paths }) =>
    paths.map((text) => dirname(splitFormat(text).path)),
  )
  const files = sources.filter((folder) => !folder.startsWith('/dev'))
  return [...new Set([own, ...options.restoreRoots, ...options.images, ...files])]
}
