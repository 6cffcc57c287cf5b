/** Tells what is done, step by step, with how long each took. */
export class Telling {
  #step = 0

  async step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now()
    process.stdout.write(`${String(++this.#step).padStart(2)}. ${what}\n`)
    const result = await work()
    this.note(`done in ${seconds(performance.now() - startedAt)}`)
    return result
  }

  note(text: string): void {
    process.stdout.write(`      ${text}\n`)
  }
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

export function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
