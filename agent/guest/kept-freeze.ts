import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { thaw, type Thawed } from './freeze.ts'
import { GuestFailure } from './guest-failure.ts'
import type { FromKeeper, KeptFrozen, ToKeeper } from './keeper-protocol.ts'
import { openAgent } from './open-agent.ts'

/** The keeper answers within the time of a freeze and of its thaw, or is lost. */
const KEEPER_MS = 30_000

/**
 * A guest that holds still, until `release` or ten seconds at most. The freeze is in the hands of a
 * process of its own: when this one dies, it thaws; when it dies, this one does; when both do, the
 * undo log of the agent's next start does.
 */
export class KeptFreeze {
  readonly frozen: KeptFrozen
  readonly #path: string
  readonly #keeper: Keeper

  private constructor(path: string, keeper: Keeper, frozen: KeptFrozen) {
    this.#path = path
    this.#keeper = keeper
    this.frozen = frozen
  }

  /** Throws GuestFailure; then the guest is not frozen, or thaws by itself. */
  static async begin(path: string): Promise<KeptFreeze> {
    const keeper = new Keeper(path)
    const answer = await keeper.ask('freeze').catch(async (error: unknown) => {
      keeper.leave()
      await thawGuest(path).catch(() => {})
      throw error
    })
    if ('frozen' in answer) return new KeptFreeze(path, keeper, answer.frozen)
    keeper.leave()
    if ('failed' in answer) throw new GuestFailure(answer.failed.reason, answer.failed.message)
    throw new GuestFailure('not-responding', 'the freeze ended before it began')
  }

  /** Thaws. Throws GuestFailure when the guest was not frozen all the while, or never says so. */
  async release(): Promise<void> {
    const answer = await this.#keeper.ask('thaw').catch(() => undefined)
    this.#keeper.leave()
    if (answer && 'thawed' in answer) return requireHeld(answer.thawed)
    // Its process was lost. What is still frozen now was frozen all the while.
    requireHeld({ ...(await thawGuest(this.#path)), early: undefined })
  }
}

/** At the agent's start too, for a guest that a crash may have left frozen. */
export function thawGuest(path: string): Promise<Thawed> {
  return thaw(() => openAgent(path))
}

function requireHeld({
  fileSystems,
  early,
}: {
  fileSystems: number
  early: string | undefined
}): void {
  if (early !== undefined) throw new GuestFailure('refused', `the freeze ended too early: ${early}`)
  if (fileSystems > 0) return
  throw new GuestFailure('refused', 'the freeze ended too early: the guest thawed by itself')
}

class Keeper {
  readonly #child: ChildProcess
  #heard: ((answer: FromKeeper | Error) => void) | undefined
  #answer: FromKeeper | Error | undefined

  constructor(path: string) {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const file = fileURLToPath(new URL(`./freeze-keeper.${extension}`, import.meta.url))
    this.#child = fork(file, [path], {
      // A session of its own: what ends the agent's does not end it.
      detached: true,
      execArgv: ['--max-old-space-size=64', '--disable-warning=ExperimentalWarning'],
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#child.on('message', (answer: FromKeeper) => this.#hear(answer))
    // Not 'exit', which may come before the last message does.
    this.#child.on('disconnect', () =>
      this.#hear(new Error('the process that keeps the freeze ended')),
    )
    this.#child.on('error', (error) => this.#hear(error))
  }

  async ask(message: ToKeeper): Promise<FromKeeper> {
    // What it said unasked stands: it thawed early, or is gone.
    const answer = this.#answer ?? (await this.#send(message))
    this.#answer = undefined
    if (answer instanceof Error) throw new GuestFailure('not-responding', answer.message, answer)
    return answer
  }

  /** Nothing more is expected of it. */
  leave(): void {
    this.#child.removeAllListeners('message')
    if (this.#child.connected) this.#child.disconnect()
    this.#child.unref()
  }

  #send(message: ToKeeper): Promise<FromKeeper | Error> {
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#hear(new Error('the keeper does not answer')), KEEPER_MS)
      this.#heard = (answer) => {
        clearTimeout(late)
        resolve(answer)
      }
      if (this.#child.connected) this.#child.send(message, () => {})
      else this.#hear(new Error('the process that keeps the freeze is gone'))
    })
  }

  #hear(answer: FromKeeper | Error): void {
    const heard = this.#heard
    this.#heard = undefined
    if (heard) heard(answer)
    else this.#answer = answer
  }
}
