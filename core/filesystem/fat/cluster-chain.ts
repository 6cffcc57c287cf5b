import { damaged } from '../damaged.ts'
import type { Mapping } from '../mapped-file.ts'
import type { ClusterRun, ClusterTable } from './cluster-table.ts'

/** A run and how many clusters of the chain come before it. */
interface PlacedRun extends ClusterRun {
  readonly index: number
}

const RUNS_BETWEEN_MARKS = 64

/**
 * A chain of clusters, followed as far as it is asked for. Of a chain of any length only every 64th
 * run is kept. A chain that bites its tail is found by comparing with a run that was passed before
 * (Brent), without keeping all of them.
 */
export class ClusterChain {
  readonly #table: ClusterTable
  readonly #first: number
  readonly #marks: PlacedRun[] = []
  #last: PlacedRun | undefined
  #runs = 0
  #farthest = -1
  #passed = 0
  #renewAt = 0

  constructor(table: ClusterTable, first: number) {
    this.#table = table
    this.#first = first
  }

  /** The run that holds the chain's cluster of that index; undefined behind its end. */
  async at(index: number): Promise<PlacedRun | undefined> {
    let run = this.#nearest(index) ?? (await this.#start())
    while (index >= run.index + run.count) {
      if (run.next >= this.#table.endMark) return undefined
      run = await this.#follow(run)
    }
    return run
  }

  #nearest(index: number): PlacedRun | undefined {
    if (this.#last && this.#last.index <= index) return this.#last
    let low = 0
    for (let high = this.#marks.length; low < high;) {
      const middle = (low + high) >>> 1
      if ((this.#marks[middle]?.index ?? Infinity) <= index) low = middle + 1
      else high = middle
    }
    return this.#marks[low - 1]
  }

  async #start(): Promise<PlacedRun> {
    const run = { ...(await this.#table.runFrom(this.#first)), index: 0 }
    this.#remember(run)
    return run
  }

  async #follow(run: PlacedRun): Promise<PlacedRun> {
    const next = { ...(await this.#table.runFrom(run.next)), index: run.index + run.count }
    this.#remember(next)
    return next
  }

  /** Each run of the chain is new once; later walks over it only move `#last`. */
  #remember(run: PlacedRun): void {
    if (run.index > this.#farthest) {
      if (run.first === this.#passed || run.index > this.#table.clusterCount)
        throw damaged(`the chain from cluster ${this.#first} runs in a circle`)
      if (this.#runs >= this.#renewAt) {
        this.#passed = run.first
        this.#renewAt = this.#runs * 2 + 1
      }
      if (this.#runs % RUNS_BETWEEN_MARKS === 0) this.#marks.push(run)
      this.#runs++
      this.#farthest = run.index
    }
    this.#last = run
  }
}

export interface Heap {
  readonly offset: number
  readonly clusterBytes: number
}

/** A file in a chain. Behind `validBytes` it reads as zeros. */
export function chainMapping(
  chain: ClusterChain,
  heap: Heap,
  sizeBytes: number,
  validBytes = sizeBytes,
): Mapping {
  return {
    sizeBytes,
    async locate(offset) {
      if (offset >= validBytes) return { place: null, length: sizeBytes - offset }
      const run = await chain.at(Math.floor(offset / heap.clusterBytes))
      if (!run) throw damaged(`a file of ${sizeBytes} bytes has no clusters from ${offset} on`)
      const within = offset - run.index * heap.clusterBytes
      const length = Math.min(run.count * heap.clusterBytes - within, validBytes - offset)
      return { place: placeOf(heap, run.first) + within, length }
    },
  }
}

export function placeOf(heap: Heap, cluster: number): number {
  return heap.offset + (cluster - 2) * heap.clusterBytes
}
