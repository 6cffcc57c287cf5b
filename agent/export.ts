import { join } from 'node:path'
import { HoldfastError, toHoldfastError } from '../core/model/error.ts'
import { systemClock } from '../core/runtime/clock.ts'
import { systemFileSystem } from '../core/runtime/file-system.ts'
import { lockFolder } from '../core/runtime/folder-lock.ts'
import { Lifecycle } from '../core/runtime/lifecycle.ts'
import { createLogger } from '../core/runtime/log-winston.ts'
import { systemRandom } from '../core/runtime/random.ts'
import { stopSignal } from '../core/runtime/stop-signal.ts'
import { openHostSources, type HostSources } from './host-sources.ts'
import { followVmUndo, replayVmUndo } from './hypervisor/replay-vm-undo.ts'
import type { Identity } from './identity/identity.ts'
import { readIdentity } from './identity/identity-store.ts'
import { rememberedOptions } from './remembered-options.ts'
import {
  exportReplica,
  offerOf,
  type ExportedReplica,
  type ExportWish,
} from './replica/export-replica.ts'
import { openReadPool } from './transfer/read-pool.ts'

export interface ExportOptions extends Omit<ExportWish, 'signal'> {
  readonly dataFolder: string
  readonly logLevel: string
}

/** `holdfast agent export-replica`: beside the agent that runs on this host, or in its place. */
export async function runExport(options: ExportOptions): Promise<ExportedReplica> {
  const lifecycle = new Lifecycle()
  const stopping = new AbortController()
  void stopSignal().received.then(() => {
    stopping.abort(new HoldfastError('job-interrupted', 'the export was stopped'))
  })
  try {
    return await exportFrom(options, lifecycle, stopping.signal)
  } finally {
    await lifecycle.release()
  }
}

async function exportFrom(
  options: ExportOptions,
  lifecycle: Lifecycle,
  signal: AbortSignal,
): Promise<ExportedReplica> {
  const { dataFolder, logLevel } = options
  const log = createLogger({ level: logLevel, folder: join(dataFolder, 'logs'), name: 'export' })
  const identity = await identityOf(dataFolder)
  const seams = { clock: systemClock, log }
  const { serverId } = identity
  const sources = openHostSources(await rememberedOptions(dataFolder), {
    ...{ serverId, lifecycle },
    ...seams,
  })
  const { provider } = sources
  const offer = await offerOf({ provider, identity }, options.source)
  if (offer.kind === 'vm') await inPlaceOfAgent(dataFolder, sources, lifecycle)
  const pool = openReadPool()
  lifecycle.onRelease('the readers', () => pool.close())
  const deps = { provider, identity, pool, fs: systemFileSystem, random: systemRandom, ...seams }
  return exportReplica(deps, { ...options, signal })
}

async function identityOf(dataFolder: string): Promise<Identity> {
  const identity = await readIdentity(dataFolder)
  if (identity) return identity
  throw new HoldfastError('credential-missing', 'this host is not enrolled yet', {
    hint: 'Let its agent join the server once: media are signed with what it gets there.',
  })
}

/** What is changed in a VM for an instant is undone by whoever has the data folder. */
async function inPlaceOfAgent(
  dataFolder: string,
  { context }: HostSources,
  lifecycle: Lifecycle,
): Promise<void> {
  try {
    const lock = await lockFolder(join(dataFolder, 'lock'), context.clock)
    lifecycle.onRelease('the data folder', () => lock.release())
  } catch (error) {
    const { code, message } = toHoldfastError(error)
    throw new HoldfastError(code, message, {
      hint: 'Stop the agent while a VM is exported; disk images can be exported beside it.',
      cause: error,
    })
  }
  await replayVmUndo(context)
  lifecycle.onRelease('the undo log', followVmUndo(context))
}
