import type { SentAnswer } from './protocol.ts'

/** Answers in one message: small files cost as much by messages as by their bytes. */
const MOST_ANSWERS = 64
const MOST_BYTES = 256 * 1024
/** Nobody waits longer for an answer that is there. */
const LONGEST_MS = 3
const MOST_WAITING = 2

/** Gathers what comes quickly; what comes slowly goes out alone. */
export class AnswerBatches {
  readonly #send: (batch: readonly SentAnswer[]) => Promise<void>
  #batch: SentAnswer[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(send: (batch: readonly SentAnswer[]) => Promise<void>) {
    this.#send = send
  }

  /** Waits while earlier ones are not taken: memory stays that of a few messages. */
  async add(answer: SentAnswer): Promise<void> {
    this.#batch.push(answer)
    if ('part' in answer && 'data' in answer.part) this.#bytes += answer.part.data.length
    const isFull = this.#batch.length >= MOST_ANSWERS || this.#bytes >= MOST_BYTES
    if (isFull) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), LONGEST_MS)
    if (this.#waiting >= MOST_WAITING) await this.#sending
  }

  async end(): Promise<void> {
    this.#flush()
    await this.#sending
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batch = this.#batch
    if (batch.length === 0) return
    this.#batch = []
    this.#bytes = 0
    this.#waiting++
    this.#sending = this.#sending.then(async () => {
      await this.#send(batch)
      this.#waiting--
    })
  }
}
