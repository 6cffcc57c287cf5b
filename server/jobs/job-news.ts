import { EventEmitter, once } from 'node:events'

/**
 * Jobs that this process has seen end, for those who watch them: they look again at once instead of
 * when it is time to. Ends in other processes are not heard of here; nobody may rely on it.
 */
export class JobNews {
  readonly #ends = new EventEmitter().setMaxListeners(0)

  tell(job: string): void {
    this.#ends.emit(eventOf(job))
  }

  /** Aborts when the job is told of from now on; `forget` when nobody listens any more. */
  listen(job: string): { readonly told: AbortSignal; readonly forget: () => void } {
    const told = new AbortController()
    const left = new AbortController()
    once(this.#ends, eventOf(job), { signal: left.signal }).then(
      () => told.abort(),
      () => {}, // nobody listens any more
    )
    return { told: told.signal, forget: () => left.abort() }
  }
}

/** Agents and operators name jobs, and may name them `error`: an emitter's own words are not theirs to ring. */
function eventOf(job: string): string {
  return `job ${job}`
}
