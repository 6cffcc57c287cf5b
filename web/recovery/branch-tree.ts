import type { Point } from '../api/documents.ts'

/** Points in a row, and the branches that restores from one of them began. */
export interface Branch {
  /** The point that the machine was restored from; undefined where the history begins. */
  readonly from: Point | undefined
  /** Oldest first. */
  readonly points: readonly Point[]
  readonly branches: readonly Branch[]
}

/** The history of a machine as a tree. A branch whose root is gone begins a history of its own. */
export function branchTree(points: readonly Point[]): readonly Branch[] {
  const byId = new Map(points.map((point) => [point.id, point]))
  const roots = Map.groupBy(points, ({ parentPoint }) => parentPoint ?? '')
  const branchOf = (root: string, seen: ReadonlySet<string>): Branch => {
    const own = [...(roots.get(root) ?? [])].sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    const next = own.filter(({ id }) => roots.has(id) && !seen.has(id))
    const further = new Set([...seen, ...next.map(({ id }) => id)])
    const branches = next.map(({ id }) => branchOf(id, further))
    return { from: byId.get(root), points: own, branches }
  }
  return [...roots.keys()]
    .filter((root) => !byId.has(root))
    .map((root) => branchOf(root, new Set([root])))
}

export function hasBranches(points: readonly Point[]): boolean {
  return points.some(({ parentPoint }) => parentPoint !== null)
}
