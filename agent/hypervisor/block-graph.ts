import { z } from 'zod'
import { dirtyBitmap } from './bitmap.ts'
import type { Qmp } from './qmp.ts'

const snapshot = z.looseObject({
  id: z.string(),
  name: z.string(),
  'date-sec': z.number(),
  'date-nsec': z.number(),
  'vm-clock-sec': z.number(),
  'vm-clock-nsec': z.number(),
})

const image = z.looseObject({
  filename: z.string(),
  'virtual-size': z.number(),
  snapshots: z.array(snapshot).optional(),
  'format-specific': z
    .looseObject({
      data: z.looseObject({ compat: z.string().optional(), 'data-file': z.string().optional() }),
    })
    .optional(),
})

const blockNode = z.looseObject({
  'node-name': z.string(),
  drv: z.string(),
  ro: z.boolean(),
  file: z.string(),
  image,
  detect_zeroes: z.string(),
  cache: z.looseObject({ direct: z.boolean(), 'no-flush': z.boolean() }),
  'dirty-bitmaps': z.array(dirtyBitmap).optional(),
})
export type BlockNodeInfo = z.infer<typeof blockNode>

const graph = z.looseObject({
  nodes: z.array(z.looseObject({ id: z.number(), type: z.string(), name: z.string() })),
  edges: z.array(z.looseObject({ parent: z.number(), child: z.number(), name: z.string() })),
})

/** A monitor's block nodes and what lies on what. Read at one moment; look again after a change. */
export class BlockGraph {
  readonly #nodes: ReadonlyMap<string, BlockNodeInfo>
  readonly #children: ReadonlyMap<string, ReadonlyMap<string, string>>

  private constructor(
    nodes: ReadonlyMap<string, BlockNodeInfo>,
    children: ReadonlyMap<string, ReadonlyMap<string, string>>,
  ) {
    this.#nodes = nodes
    this.#children = children
  }

  static async read(qmp: Qmp, signal?: AbortSignal): Promise<BlockGraph> {
    const [listed, lines] = await Promise.all([
      qmp.execute('query-named-block-nodes', { flat: true }, { signal }),
      qmp.execute('x-debug-query-block-graph', {}, { signal }),
    ])
    const nodes = new Map<string, BlockNodeInfo>()
    for (const node of z.array(blockNode).parse(listed)) nodes.set(node['node-name'], node)
    const drawn = graph.parse(lines)
    const names = new Map(drawn.nodes.map(({ id, name }) => [id, name]))
    const children = new Map<string, Map<string, string>>()
    for (const { parent, child, name } of drawn.edges) {
      const from = names.get(parent)
      const to = names.get(child)
      if (!from || !to) continue // block backends have no name of their own
      const below = children.get(from) ?? new Map<string, string>()
      below.set(name, to)
      children.set(from, below)
    }
    return new BlockGraph(nodes, children)
  }

  node(name: string): BlockNodeInfo | undefined {
    return this.#nodes.get(name)
  }

  names(): Iterable<string> {
    return this.#nodes.keys()
  }

  child(name: string, edge: 'file' | 'backing' | 'target'): string | undefined {
    return this.#children.get(name)?.get(edge)
  }

  /** Nodes that use `name` as their `edge`. */
  parents(name: string, edge: 'file' | 'backing'): string[] {
    return [...this.#children].filter(([, below]) => below.get(edge) === name).map(([one]) => one)
  }
}
