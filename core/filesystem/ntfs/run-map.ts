import { damaged } from '../damaged.ts'
import type { AttributePart } from './record.ts'
import { parseRuns, spanOf, type ClusterRun } from './runs.ts'

/** A part of a large attribute, which may be in a record that is not read yet. */
export interface LazyPart {
  readonly first: number
  readonly load: () => Promise<AttributePart>
}

/**
 * Finds the clusters of an attribute. Of one in many parts only the last used one is kept decoded:
 * a file in millions of pieces takes no more memory than one of its records.
 */
export class RunMap {
  readonly #parts: readonly LazyPart[]
  readonly #clusterCount: number
  #runs: readonly ClusterRun[] = []

  /** `parts` in ascending order of `first`, the first one at 0. */
  constructor(parts: readonly LazyPart[], clusterCount: number) {
    this.#parts = parts
    this.#clusterCount = clusterCount
    if (parts[0]?.first !== 0) throw damaged('ntfs: the beginning of a file is not said')
  }

  /** The run that holds that cluster of the file. */
  async at(cluster: number): Promise<ClusterRun> {
    const kept = findRun(this.#runs, cluster)
    if (kept) return kept
    this.#runs = await this.#load(cluster)
    const run = findRun(this.#runs, cluster)
    if (!run) throw damaged(`ntfs: cluster ${cluster} of a file has no place`)
    return run
  }

  async #load(cluster: number): Promise<ClusterRun[]> {
    const next = this.#parts.findIndex((part) => part.first > cluster)
    const part = this.#parts.at(next === -1 ? -1 : next - 1)
    if (!part) return []
    const loaded = await part.load()
    if (loaded.isResident || spanOf(loaded).first !== part.first)
      throw damaged('ntfs: the parts of a file do not follow each other')
    return parseRuns(loaded, this.#clusterCount)
  }
}

function findRun(runs: readonly ClusterRun[], cluster: number): ClusterRun | undefined {
  let low = 0
  for (let high = runs.length; low < high;) {
    const middle = (low + high) >>> 1
    if ((runs[middle]?.at ?? Infinity) <= cluster) low = middle + 1
    else high = middle
  }
  const run = runs[low - 1]
  return run && cluster < run.at + run.count ? run : undefined
}
