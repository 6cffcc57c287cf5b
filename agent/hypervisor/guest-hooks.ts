import { HoldfastError } from '../../core/model/error.ts'
import type { Consistency } from '../../core/model/state.ts'
import { toGuestFailure } from '../guest/guest-failure.ts'
import { KeptFreeze } from '../guest/kept-freeze.ts'
import { describeQemu } from './describe-qemu.ts'
import { goOn } from './go-on.ts'
import { requireListener } from './guest-channel.ts'
import type {
  InstantContext,
  InstantHooks,
  InstantOutcome,
  MakeInstantHooks,
} from './instant-hooks.ts'
import { KnownCpus } from './known-cpus.ts'

const STOP_MS = 5_000

/** They ask the guest to hold still around the instant, and say truthfully what came of it. */
export function makeGuestHooks(): MakeInstantHooks {
  const known = new KnownCpus()
  return () => new GuestHooks(known)
}

class GuestHooks implements InstantHooks {
  #freeze: KeptFreeze | undefined
  #level: Consistency = 'crash'
  /** By us, for the instant. */
  #isStopped = false
  #wasStopped = false
  readonly #warnings: string[] = []
  readonly #known: KnownCpus

  constructor(known: KnownCpus) {
    this.#known = known
  }

  async beforeInstant(context: InstantContext): Promise<void> {
    const { wishes, declaration, machine } = context
    if (wishes.consistency === 'crash' || machine.isStorageDaemon) return
    // Nobody asked, and nothing is there to be asked: as after a power cut is what there is.
    if (wishes.consistency === '' && declaration.guestAgent === undefined) return
    // It goes on with its memory: nothing of it has to be on its disks, and saving takes longer than a freeze.
    if (wishes.consistency === '' && wishes.memory) return
    try {
      await this.#freezeGuest(context)
    } catch (error) {
      await this.#fallBack(context, toGuestFailure(error).message)
    }
  }

  async afterInstant(context: InstantContext, taken: boolean): Promise<void> {
    try {
      if (this.#freeze) await this.#thaw(context, this.#freeze, taken)
    } finally {
      if (this.#isStopped) {
        this.#isStopped = false
        await goOn(context.qmp)
        await context.undo.note({ isStopped: false })
      }
    }
  }

  outcome(): InstantOutcome {
    const warnings = this.#warnings
    return { consistency: this.#level, paused: this.#wasStopped, warnings }
  }

  async configuration(context: InstantContext): Promise<Readonly<Record<string, unknown>>> {
    const isFrozen = context.wishes.memory && this.#freeze !== undefined
    return { ...(await describeQemu(context, this.#known)), isFrozen }
  }

  async #freezeGuest({ declaration, machine, qmp, undo, wishes }: InstantContext): Promise<void> {
    const { guestAgent: path } = declaration
    if (path === undefined) throw new Error('the VM is declared without a guest agent')
    if (machine.status !== 'running') throw new Error(`the VM is ${machine.status}`)
    await requireListener(qmp, path)
    await undo.note({ frozenAgent: path })
    try {
      this.#freeze = await KeptFreeze.begin(path)
    } catch (error) {
      await undo.note({ frozenAgent: '' }) // its thaw stands right behind the freeze
      throw error
    }
    const { hooks } = this.#freeze.frozen
    this.#level = hooks.run ? 'application' : 'filesystem'
    if (hooks.run || wishes.consistency !== 'application') return
    const why = `no application was told of the freeze: ${hooks.why}`
    if (wishes.fallback === 'fail') throw unreached('application', why)
    this.#warnings.push(`application consistency was not reached: ${why}`)
  }

  async #fallBack({ wishes, qmp, undo }: InstantContext, why: string): Promise<void> {
    const { consistency, fallback } = wishes
    if (fallback === 'fail') throw unreached(consistency || 'filesystem', why)
    this.#warnings.push(`${consistency || 'filesystem'} consistency was not reached: ${why}`)
    if (fallback !== 'pause') return
    await undo.note({ isStopped: true })
    this.#isStopped = true
    await qmp.execute('stop', {}, { timeoutMs: STOP_MS })
    this.#wasStopped = true
  }

  /** A guest that had thawed before the instant was over did not hold still for it. */
  async #thaw(context: InstantContext, freeze: KeptFreeze, taken: boolean): Promise<void> {
    try {
      await freeze.release()
    } catch (error) {
      const { reason, message } = toGuestFailure(error)
      this.#level = 'crash'
      if (reason !== 'refused' || !message.includes('too early'))
        throw stillFrozen(context, message)
      if (taken && context.wishes.fallback === 'fail')
        throw unreached(context.wishes.consistency || 'filesystem', message)
      this.#warnings.push(`the guest did not hold still: ${message}`)
    }
    await context.undo.note({ frozenAgent: '' })
  }
}

function unreached(level: string, why: string): HoldfastError {
  return new HoldfastError(
    'consistency-unreached',
    `${level} consistency was not reached: ${why}`,
    {
      hint: 'With --fallback pause or crash the point is taken all the same, and says what it is.',
    },
  )
}

function stillFrozen({ declaration }: InstantContext, why: string): HoldfastError {
  return new HoldfastError(
    'guest-frozen',
    `the guest of ${declaration.name} does not thaw: ${why}`,
    {
      hint: 'Thaw it from its console (fsfreeze -u), or reset the VM. It is tried again each hour and at the next start.',
    },
  )
}
