import { Label, TreeView, type TreeViewDataItem } from '@patternfly/react-core'
import { Link } from 'react-router'
import type { Point } from '../api/documents.ts'
import { Moment } from '../shown/moment.tsx'
import { useWords, type Words } from '../words/words.tsx'
import { branchTree, hasBranches, type Branch } from './branch-tree.ts'

interface Props {
  readonly points: readonly Point[]
  /** The point that the machine was last restored from. */
  readonly current: string | null
}

/** Where restores made branches: which point each goes on from, and which one is the machine's now. */
export function Branches({ points, current }: Props) {
  const words = useWords()
  if (!hasBranches(points)) return null
  return (
    <section className="spaced">
      <h2>{words.branches.title}</h2>
      <TreeView
        aria-label={words.branches.title}
        allExpanded
        data={branchTree(points).map((branch) => item(branch, current, words.branches))}
      />
    </section>
  )
}

function item(branch: Branch, current: string | null, words: Words['branches']): TreeViewDataItem {
  const { from, points, branches } = branch
  const isCurrent = (from?.id ?? null) === current
  const [first, last] = [points[0], points.at(-1)]
  return {
    id: from?.id ?? first?.id ?? 'root',
    name: (
      <span className="branch">
        {from ? (
          <span>
            {words.from} <Moment at={from.createdAt} />
          </span>
        ) : (
          words.origin
        )}
        <span>
          {words.points(points.length)}: <Moment at={first?.createdAt ?? null} /> –{' '}
          <Moment at={last?.createdAt ?? null} />
        </span>
        {isCurrent && (
          <Label isCompact color="blue">
            {words.current}
          </Label>
        )}
      </span>
    ),
    // Beside the node, which is a button itself.
    ...(from ? { action: <Link to={`/points/${from.id}`}>{words.open}</Link> } : {}),
    ...(branches.length > 0
      ? { children: branches.map((one) => item(one, current, words)), defaultExpanded: true }
      : {}),
  }
}
