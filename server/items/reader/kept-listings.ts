/** Of one process: small beside the memory that it may have. */
const LIMIT_BYTES = 8 * 1024 * 1024
const MOST_BYTES = LIMIT_BYTES / 4

type Messages = readonly Uint8Array[]

/** One that is being made; it is kept when it has ended and nobody has said that it should not be. */
export interface NewListing {
  add(message: Uint8Array): void
  forget(): void
  end(): void
}

/**
 * Folders that were listed, as the messages that were sent: a point never changes, and who looks
 * around in it goes up and down the same folders. Those used last are kept.
 */
export class KeptListings {
  readonly #listings = new Map<string, Messages>()
  #bytes = 0

  get(folder: string): Messages | undefined {
    const found = this.#listings.get(folder)
    if (!found) return undefined
    this.#listings.delete(folder)
    this.#listings.set(folder, found)
    return found
  }

  begin(folder: string): NewListing {
    let bytes = 0
    let messages: Uint8Array[] | undefined = []
    const forget = () => (messages = undefined)
    return {
      add: (message) => {
        bytes += message.length
        if (bytes > MOST_BYTES) forget()
        messages?.push(message)
      },
      forget,
      end: () => messages && this.#keep(folder, messages, bytes),
    }
  }

  #keep(folder: string, messages: Messages, bytes: number): void {
    if (this.#listings.has(folder)) return
    this.#listings.set(folder, messages)
    this.#bytes += bytes
    for (const [oldest, listing] of this.#listings) {
      if (this.#bytes <= LIMIT_BYTES) return
      this.#listings.delete(oldest)
      this.#bytes -= listing.reduce((sum, { length }) => sum + length, 0)
    }
  }
}
