import type { Clock } from '../../core/runtime/clock.ts'
import { toHoldfastError } from '../../core/model/error.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { ServerLink } from '../link/server-link.ts'
import type { RememberedSources } from '../source/remembered-sources.ts'
import type { SourceProvider } from '../source/source.ts'

export interface InventoryDeps {
  readonly link: Pick<ServerLink, 'inventory'>
  readonly provider: SourceProvider
  readonly remembered: RememberedSources
  readonly session: string
  readonly restoreRoots: readonly string[]
  readonly warnings: () => Promise<string[]>
  readonly clock: Clock
  readonly log: Logger
}

const AT_LEAST_EVERY_MS = 60_000
const SETTLE_MS = 500 // several files of one image come and go together

/** Tells the server what this host offers; gives how many sources that are. */
export async function sendInventory(deps: InventoryDeps, signal?: AbortSignal): Promise<number> {
  const { link, provider, remembered, session, restoreRoots } = deps
  const offers = await provider.offers()
  await remembered.remember(offers)
  const sources = offers.map((offer) => ({
    ...offer,
    disks: offer.disks.map((disk) => ({ ...disk })),
    powerState: offer.powerState ?? '',
    firmware: offer.firmware ?? '',
    tags: [...(offer.tags ?? [])],
    present: true,
  }))
  const warnings = await deps.warnings()
  const clock = new Date(deps.clock.now()).toISOString()
  await link.inventory(
    { session, sources, restoreRoots: [...restoreRoots], warnings, clock },
    signal,
  )
  return offers.length
}

/** Sends it again when something changed, and each minute for what no watch tells of. */
export async function followInventory(deps: InventoryDeps, signal: AbortSignal): Promise<void> {
  let changed = new AbortController()
  const unwatch = deps.provider.watch(() => changed.abort())
  try {
    while (!signal.aborted) {
      const woken = AbortSignal.any([signal, changed.signal])
      await deps.clock.sleep(AT_LEAST_EVERY_MS, woken).catch(() => {})
      if (signal.aborted) return
      await deps.clock.sleep(SETTLE_MS, signal).catch(() => {})
      changed = new AbortController()
      await sendInventory(deps, signal).catch((error: unknown) => {
        deps.log.debug('the inventory was not sent', { reason: toHoldfastError(error).message })
      })
    }
  } finally {
    unwatch()
  }
}
