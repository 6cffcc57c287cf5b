/** What the target could not hold of many files, told once for each kind. */
export class Lost {
  readonly #found = new Map<string, { count: number; readonly examples: string[] }>()

  /** `what` is a whole sentence but for "of N files". */
  note(what: string, path: string): void {
    const known = this.#found.get(what) ?? { count: 0, examples: [] }
    known.count++
    if (known.examples.length < MOST_EXAMPLES) known.examples.push(path)
    this.#found.set(what, known)
  }

  sentences(): string[] {
    return [...this.#found].map(([what, { count, examples }]) => {
      const more = count > examples.length ? ', …' : ''
      return `${what}: ${count} (${examples.join(', ')}${more})`
    })
  }
}

const MOST_EXAMPLES = 3
