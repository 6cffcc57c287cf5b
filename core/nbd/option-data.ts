/** Reads what a client sent with an option; undefined where it says more than it has. */
export class OptionData {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  rest(): string {
    const rest = this.#bytes.toString('utf8', this.#at)
    this.#at = this.#bytes.length
    return rest
  }

  /** A length of four bytes and so many bytes of text. */
  sized(): string | undefined {
    const length = this.#number(4)
    if (length === undefined || length > this.#bytes.length - this.#at) return undefined
    this.#at += length
    return this.#bytes.toString('utf8', this.#at - length, this.#at)
  }

  /** A count of four bytes and so many texts. */
  sizedList(most: number): string[] | undefined {
    const count = this.#number(4)
    if (count === undefined || count > most) return undefined
    const texts: string[] = []
    for (let i = 0; i < count; i++) {
      const text = this.sized()
      if (text === undefined) return undefined
      texts.push(text)
    }
    return texts
  }

  /** A count of two bytes and so many numbers of `width` bytes. */
  numbers(width: number): number[] | undefined {
    const count = this.#number(2)
    if (count === undefined || count * width > this.#bytes.length - this.#at) return undefined
    return Array.from({ length: count }, () => this.#number(width) ?? 0)
  }

  #number(width: number): number | undefined {
    if (this.#at + width > this.#bytes.length) return undefined
    this.#at += width
    return this.#bytes.readUIntBE(this.#at - width, width)
  }
}
