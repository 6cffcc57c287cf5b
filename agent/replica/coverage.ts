interface Range {
  readonly start: number
  readonly count: number
}

/** How far a disk is written without a gap. Runs come ahead of the records between them. */
export class Coverage {
  next: number
  #ahead: Range[] = []

  constructor(from: number) {
    this.next = from
  }

  /** Nothing is written beyond `next`: here a part may end. */
  get isWhole(): boolean {
    return this.#ahead.length === 0
  }

  add(start: number, count: number): void {
    this.#ahead.push({ start, count })
    this.#settle()
  }

  #settle(): void {
    for (let first = this.#due(); first; first = this.#due()) {
      this.next = Math.max(this.next, first.start + first.count)
      this.#ahead = this.#ahead.filter((range) => range !== first)
    }
  }

  #due(): Range | undefined {
    return this.#ahead.find(({ start }) => start <= this.next)
  }
}
