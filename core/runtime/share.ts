/**
 * So many of something, divided evenly among those that are there: one alone has `most`, and however
 * many there are, each has `least`.
 */
export class Share {
  readonly #all: number
  readonly #least: number
  readonly #most: number
  #users = 0

  constructor(all: number, { least, most }: { readonly least: number; readonly most: number }) {
    this.#all = all
    this.#least = least
    this.#most = most
  }

  /** Call what it gives once, when it is over. */
  join(): () => void {
    this.#users++
    return () => this.#users--
  }

  /** What each has now. */
  get each(): number {
    const even = Math.floor(this.#all / Math.max(this.#users, 1))
    return Math.min(Math.max(even, this.#least), this.#most)
  }
}
