/** Everything acquired registers how it is released; releases run in reverse order, all of them. */
export class Lifecycle {
  readonly #releases: { name: string; release: () => Promise<void> | void }[] = []
  #closing: Promise<void> | undefined

  onRelease(name: string, release: () => Promise<void> | void): void {
    this.#releases.push({ name, release })
  }

  /** Releases once, however often it is called; the first failure is thrown when all have run. */
  release(): Promise<void> {
    this.#closing ??= this.#run()
    return this.#closing
  }

  async #run(): Promise<void> {
    const failures: unknown[] = []
    for (const { name, release } of this.#releases.reverse()) {
      try {
        await release()
      } catch (error) {
        failures.push(new Error(`release of ${name} failed`, { cause: error }))
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
