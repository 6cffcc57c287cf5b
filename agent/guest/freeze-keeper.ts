import { freeze, FREEZE_MS, thaw } from './freeze.ts'
import type { GuestAgent } from './guest-agent.ts'
import { toGuestFailure } from './guest-failure.ts'
import { setTimeout as wait } from 'node:timers/promises'
import type { FromKeeper, ToKeeper } from './keeper-protocol.ts'
import { openAgent } from './open-agent.ts'

/*
 * A process that lives for one freeze: it asks the guest to freeze, and thaws it when it is told to,
 * when the agent is gone, or when the time is over, whichever comes first. The agent may be killed
 * at any moment: this one is in a session of its own, and goes on.
 */

const path = process.argv[2] ?? ''
/** For the thaw itself, out of the whole time. */
const THAW_AHEAD_MS = 1500
/** How long a guest that did not answer is thawed again and again, should it freeze after all. */
const OWED_MS = 30 * 60_000
const AGAIN_MS = 1000

let channel: GuestAgent | undefined
let thawing: Promise<void> | undefined

function tell(message: FromKeeper): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, {}, () => resolve())
    else resolve()
  })
}

async function begin(): Promise<void> {
  let isOwed = false
  try {
    channel = await openAgent(path)
    const { fileSystems, hooks, since } = await freeze(channel, () => (isOwed = true))
    const leftMs = Math.max(0, since + FREEZE_MS - THAW_AHEAD_MS - performance.now())
    setTimeout(() => void end('the time for a freeze was over'), leftMs)
    await tell({ frozen: { fileSystems, hooks, leftMs } })
  } catch (error) {
    // From here on, whatever ends waits for it: the agent need not, and may be gone.
    if (isOwed) thawing = thawOwed()
    const { reason, message } = toGuestFailure(error)
    await tell({ failed: { reason, message } })
    await thawing
    process.exit()
  }
}

/** Until the guest says that it is thawed, or nobody is there to be thawed. */
async function thawOwed(): Promise<void> {
  channel?.close() // the socket serves one client, and this one has said what it had to
  for (const end = performance.now() + OWED_MS; performance.now() < end;)
    try {
      await thaw(() => openAgent(path))
      return
    } catch (error) {
      if (toGuestFailure(error).reason === 'not-installed') return
      await wait(AGAIN_MS)
    }
}

function end(early: string | undefined): Promise<void> {
  thawing ??= thawAndLeave(early)
  return thawing
}

async function thawAndLeave(early: string | undefined): Promise<void> {
  let first = channel
  try {
    const { fileSystems } = await thaw(async () => {
      const used = first ?? (await openAgent(path))
      first = undefined
      return used
    })
    await tell({ thawed: { fileSystems, early } })
  } catch (error) {
    const { reason, message } = toGuestFailure(error)
    await tell({ failed: { reason, message } })
  }
  process.exit()
}

process.on('message', (message: ToKeeper) => {
  if (message === 'freeze') void begin()
  else void end(undefined)
})
process.on('disconnect', () => {
  // A freeze that is still being asked for is followed by its thaw on the same channel.
  if (channel) void end('the agent is gone')
  else process.exit()
})
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => void end(`the keeper was told to end by ${signal}`))
process.on('uncaughtException', (error) => {
  void tell({ failed: { reason: 'not-responding', message: String(error) } })
  void end(String(error))
})
