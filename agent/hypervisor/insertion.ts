import type { BlockGraph } from './block-graph.ts'
import type { Insertion } from './live-disk.ts'
import type { Qmp } from './qmp.ts'

/** `node` is to be what the guest's writes go to at this place. */
export interface FilterPlace {
  readonly insertion: Insertion
  readonly node: string
}

/** More commands than one: they share an instant only while the VM is stopped. */
export function needsStop(places: readonly FilterPlace[]): boolean {
  const devices = places.filter(({ insertion }) => insertion.how === 'device').length
  return devices > 1 || (devices === 1 && places.length > 1)
}

/** Puts nodes in place: all `raw` parents in one command, then device by device. */
export async function insertFilters(
  qmp: Qmp,
  graph: BlockGraph,
  places: readonly FilterPlace[],
): Promise<void> {
  const options: Record<string, unknown>[] = []
  for (const { insertion, node } of places) {
    if (insertion.how === 'device') continue
    options.push(reopened(graph, insertion.parent, node))
  }
  if (options.length > 0) await qmp.execute('blockdev-reopen', { options })
  for (const { insertion, node } of places) {
    if (insertion.how === 'reopen') continue
    const { device: path } = insertion
    await qmp.execute('qom-set', { path, property: 'drive', value: node })
  }
}

/**
 * What blockdev-reopen is not told falls back to its default, so all that a `raw` node can be asked
 * of itself is said. It does not tell its own `discard`: that of the node below decides.
 */
function reopened(graph: BlockGraph, parent: string, file: string): Record<string, unknown> {
  const info = graph.node(parent)
  return {
    driver: 'raw',
    'node-name': parent,
    file,
    discard: 'unmap',
    'detect-zeroes': info?.detect_zeroes ?? 'off',
    'read-only': info?.ro ?? false,
    cache: { direct: info?.cache.direct ?? false, 'no-flush': info?.cache['no-flush'] ?? false },
  }
}
