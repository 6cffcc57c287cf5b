import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { MemoryStream, tooBusy } from './memory-stream.ts'
import { allowDowntime, cancelMigration, setForSaving } from './migration-settings.ts'
import type { Qmp, QmpEvent } from './qmp.ts'
import type { ScratchFolder } from './scratch.ts'

/** Of the last round and the devices' state together; past it the VM goes on without a point. */
const STANDSTILL_MS = 4_000
/** Rounds over memory that changes, after which it may stand still for longer, and the last of all. */
const PATIENCE = new Map([
  [8, 300],
  [16, 1_000],
  [24, 2_000],
])
const LAST_ROUND = 40
/** Events tell sooner; but through libvirt they get lost where its daemon is started anew. */
const LOOK_MS = 500

export interface SavedMemory {
  readonly path: string
  /** Of the stream; the file is longer. */
  readonly bytes: number
  /** Since the VM stands still, by the agent's clock. */
  readonly stoppedAt: number
}

export interface CaptureRequest {
  readonly qmp: Qmp
  readonly scratch: ScratchFolder
  /** Of the file: room for the stream, behind its head. */
  readonly sizeBytes: number
  readonly headBytes: number
  /** Done while it is saved: no device comes or goes in these rounds. */
  readonly meanwhile?: (() => Promise<void>) | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Memory and devices of a running VM: rounds of what has changed while the guest runs, then the VM
 * stands still for the last one. Resolves while it does, in QEMU's state `postmigrate`, with its disks
 * handed over: whoever called lets it go on. Rejects with the VM running again.
 */
export async function captureMemory(request: CaptureRequest): Promise<SavedMemory> {
  const { qmp, scratch, sizeBytes, headBytes, clock, signal } = request
  const stream = await MemoryStream.listen(scratch, sizeBytes, headBytes)
  const rounds = new Rounds(request)
  try {
    await setForSaving(qmp)
    await rounds.follow()
    await qmp.execute('migrate', { uri: `unix:${stream.socket}` }, { signal })
    void rounds.look()
    const [bytes] = await Promise.race([
      Promise.all([stream.ended, rounds.completed, request.meanwhile?.()]),
      rounds.failed,
    ])
    return { path: stream.path, bytes, stoppedAt: rounds.stoppedAt }
  } catch (error) {
    stream.close()
    await cancelMigration(qmp, clock)
    throw unsaved(error, await stream.ended.then(() => undefined, reasonOf))
  } finally {
    rounds.end()
    stream.close()
  }
}

/** Why we cut it says more than that QEMU found it cut. */
function unsaved(error: unknown, cut: HoldfastError | undefined): unknown {
  return cut === undefined || cut.code === 'internal' ? error : cut
}

function reasonOf(error: unknown): HoldfastError {
  return toHoldfastError(error)
}

/** Not by us, and so not to be let go on by us. */
function suspended(): HoldfastError {
  return new HoldfastError('vm-busy', 'the VM was paused while its memory was saved', {
    hint: 'It is tried again, and succeeds when it runs.',
  })
}

class Rounds {
  readonly completed: Promise<void>
  readonly failed: Promise<never>
  readonly #request: CaptureRequest
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  #stoppedAt = 0
  #unfollow: () => void = () => {}
  readonly #ended = new AbortController()

  constructor(request: CaptureRequest) {
    const completed = Promise.withResolvers<void>()
    const failed = Promise.withResolvers<never>()
    failed.promise.catch(() => {}) // may come when nobody waits any more
    this.#request = request
    this.completed = completed.promise
    this.failed = failed.promise
    this.#resolve = completed.resolve
    this.#reject = failed.reject
  }

  async follow(): Promise<void> {
    const { qmp, signal } = this.#request
    this.#unfollow = await qmp.onEvent((event) => {
      this.#take(event)
    })
    const abort = () => {
      this.#reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true, signal: this.#ended.signal })
    if (signal.aborted) abort()
  }

  /** From when QEMU has begun: before, it tells of an earlier time. */
  async look(): Promise<void> {
    const { qmp, clock } = this.#request
    const { signal } = this.#ended
    try {
      for (;;) {
        await clock.sleep(LOOK_MS, signal)
        const { status } = await qmp.execute<{ status: string }>('query-status')
        if (status === 'paused') this.#reject(suspended())
        else if (status !== 'running' && this.#stoppedAt === 0) this.#watchStandstill()
        const { status: turn = '' } = await qmp.execute<{ status?: string }>('query-migrate')
        this.#turn(turn)
      }
    } catch (error) {
      if (!signal.aborted) this.#reject(error)
    }
  }

  end(): void {
    this.#ended.abort()
    this.#unfollow()
  }

  /** Now, where nobody told: it was not long ago. */
  get stoppedAt(): number {
    return this.#stoppedAt || this.#request.clock.monotonic()
  }

  #take({ event, data }: QmpEvent): void {
    if (event === 'STOP' && this.#stoppedAt === 0) this.#watchStandstill()
    else if (event === 'MIGRATION_PASS') this.#pass(Number(data['pass']))
    else if (event === 'MIGRATION') this.#turn(String(data['status']))
  }

  #turn(status: string): void {
    if (status === 'completed') this.#resolve()
    else if (status === 'failed' || status === 'cancelled')
      this.#reject(
        new HoldfastError('consistency-unreached', `QEMU's saving of the memory ${status}`, {
          hint: 'Its log says more: a device may not be able to. Without --memory the point is taken.',
        }),
      )
  }

  #pass(pass: number): void {
    const downtimeMs = PATIENCE.get(pass)
    if (downtimeMs !== undefined) void allowDowntime(this.#request.qmp, downtimeMs).catch(() => {}) // then it goes on as before
    if (pass > LAST_ROUND && this.#stoppedAt === 0) this.#reject(tooBusy())
  }

  /** The guest does not wait for what does not come. */
  #watchStandstill(): void {
    const { clock } = this.#request
    this.#stoppedAt = clock.monotonic()
    void clock.sleep(STANDSTILL_MS, this.#ended.signal).then(
      () => {
        this.#reject(tooBusy())
      },
      () => {},
    )
  }
}
