import { Alert } from '@patternfly/react-core'
import { Link } from 'react-router'
import { useWords } from '../words/words.tsx'

/** From nothing to the first machine that was protected and brought back. */
export function FirstRun({ hosts }: { readonly hosts: number }) {
  const { overview } = useWords()
  return (
    <Alert isInline variant="info" title={overview.firstRun}>
      <ol>
        <li className={hosts > 0 ? 'done' : ''}>
          <Link to="/hosts">{overview.stepHost}</Link>
        </li>
        <li>
          <Link to="/groups/new">{overview.stepGroup}</Link>
        </li>
        <li>
          <Link to="/recovery">{overview.stepRestore}</Link>
        </li>
      </ol>
    </Alert>
  )
}
