import type { GuestAgent } from './guest-agent.ts'
import { findFreezeHooks, type FreezeHooks } from './freeze-hooks.ts'
import { GuestFailure, toGuestFailure } from './guest-failure.ts'

/** No guest stays frozen longer, whatever dies; the freeze itself, the instant and the thaw together. */
export const FREEZE_MS = 10_000
/** For the guest to freeze; what is left is for the instant and the thaw. */
const FREEZING_MS = 6500
const ASK_MS = 3000
const THAW_MS = 3000
const THAW_TRIES = 4

export interface Frozen {
  readonly fileSystems: number
  readonly hooks: FreezeHooks
  /** performance.now() before the guest was asked: what counts against FREEZE_MS. */
  readonly since: number
}

/** `thawed` counts file systems that were still frozen: 0 says that the freeze had ended before. */
export interface Thawed {
  readonly fileSystems: number
}

/**
 * Flushes and stops what writes in the guest. When it throws, the guest has been told to thaw, or
 * `oweThaw` was called: it was asked to freeze, may do so yet, and could not be told anything more.
 */
export async function freeze(channel: GuestAgent, oweThaw: () => void): Promise<Frozen> {
  const status = await channel.call('guest-fsfreeze-status', {}, ASK_MS)
  if (status === 'frozen')
    throw new GuestFailure('refused', 'the guest is frozen already, by somebody else')
  const hooks = await findFreezeHooks(channel)
  const since = performance.now()
  try {
    const count = Number(await channel.call('guest-fsfreeze-freeze', {}, FREEZING_MS))
    if (count > 0) return { fileSystems: count, hooks, since }
    throw new GuestFailure('refused', 'the guest froze none of its file systems')
  } catch (error) {
    // It may freeze later: this comes right after it, whether or not anybody waits for an answer.
    await channel.callAfterAll('guest-fsfreeze-thaw', THAW_MS).catch(oweThaw)
    throw toGuestFailure(error)
  }
}

/** Asks until the guest says that it is thawed. Throws when it never does. */
export async function thaw(open: () => Promise<GuestAgent>): Promise<Thawed> {
  let failure: GuestFailure | undefined
  let count = 0
  for (let tries = 0; tries < THAW_TRIES; tries++) {
    const channel = await open().catch((error: unknown) => {
      failure = toGuestFailure(error)
    })
    if (!channel) continue
    try {
      count += Number(await channel.callAfterAll('guest-fsfreeze-thaw', THAW_MS))
      if ((await channel.call('guest-fsfreeze-status', {}, ASK_MS)) === 'thawed')
        return { fileSystems: count }
    } catch (error) {
      failure = toGuestFailure(error)
    } finally {
      channel.close()
    }
  }
  throw failure ?? new GuestFailure('refused', 'the guest says that it is still frozen')
}
