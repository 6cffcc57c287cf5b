/** Calls that are being answered, by whose they are, so that they can be cut from outside. */
export class OpenCalls {
  readonly #byOwner = new Map<string, Set<AbortController>>()

  get owners(): string[] {
    return [...this.#byOwner.keys()]
  }

  /** Gives the signal of one more call; `left` must be called when it is over. */
  enter(owner: string, call: AbortController): void {
    const calls = this.#byOwner.get(owner) ?? new Set()
    calls.add(call)
    this.#byOwner.set(owner, calls)
  }

  leave(owner: string, call: AbortController): void {
    const calls = this.#byOwner.get(owner)
    calls?.delete(call)
    if (calls?.size === 0) this.#byOwner.delete(owner)
  }

  cut(owner: string, reason: Error): void {
    for (const call of this.#byOwner.get(owner) ?? []) call.abort(reason)
  }

  cutAll(reason: Error): void {
    for (const owner of this.owners) this.cut(owner, reason)
  }
}
