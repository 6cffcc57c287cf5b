/** Requests of one connection that are answered at once. */
const MOST_REQUESTS = 64
/** And their bytes; a single larger one is answered alone. */
const MOST_BYTES = 16 * 1024 * 1024

/** Bounds what one client makes us hold: the next request is read when there is room for it. */
export class RequestBudget {
  #requests = 0
  #bytes = 0
  #wake: (() => void) | undefined

  /** One caller at a time. */
  async take(bytes: number): Promise<void> {
    while (!this.#hasRoom(bytes)) await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#requests++
    this.#bytes += bytes
  }

  release(bytes: number): void {
    this.#requests--
    this.#bytes -= bytes
    this.#wake?.()
  }

  #hasRoom(bytes: number): boolean {
    if (this.#requests === 0) return true
    return this.#requests < MOST_REQUESTS && this.#bytes + bytes <= MOST_BYTES
  }
}
