/**
 * Blocks that were freed. What was written to them before counts no more: they may hold something
 * else by now. Counted over the whole log first; then each mark that is passed takes one away.
 */
export class Cancelled {
  readonly #counts = new Map<string, number>()
  readonly #sectors = new Map<number, number>()

  mark(sector: number, sectors: number): void {
    this.#add(sector, sectors, 1)
  }

  pass(sector: number, sectors: number): void {
    this.#add(sector, sectors, -1)
  }

  has(sector: number, sectors: number): boolean {
    return (this.#counts.get(keyOf(sector, sectors)) ?? 0) > 0
  }

  hasWithin(sector: number, sectors: number, step: number): boolean {
    for (let at = sector; at < sector + sectors; at += step)
      if ((this.#sectors.get(at) ?? 0) > 0) return true
    return false
  }

  #add(sector: number, sectors: number, change: number): void {
    const key = keyOf(sector, sectors)
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + change)
    this.#sectors.set(sector, (this.#sectors.get(sector) ?? 0) + change)
  }
}

function keyOf(sector: number, sectors: number): string {
  return `${sector} ${sectors}`
}
