/** Tells whoever waits that something happened; nobody has to. */
export class Bell {
  #rung = Promise.withResolvers<void>()

  ring(): void {
    this.#rung.resolve()
    this.#rung = Promise.withResolvers()
  }

  /** Resolves when it rings the next time. Taken before a look, it misses nothing that comes during it. */
  get next(): Promise<void> {
    return this.#rung.promise
  }
}
