import { Alert, Bullseye, Spinner } from '@patternfly/react-core'
import type { UseMutationResult } from '@tanstack/react-query'
import type { Failure } from '../api/ask.ts'
import type { GroupPlan } from '../api/documents.ts'
import { bytes } from '../shown/format.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { useWords } from '../words/words.tsx'

interface Props {
  readonly plan: Pick<UseMutationResult<GroupPlan, Failure, never>, 'data' | 'error'>
}

/** What would come of it: replicas that begin, space that it takes, points that would go. */
export function PlanStep({ plan: { data, error } }: Props) {
  const { groups: words, loading } = useWords()
  if (error) return <FailureAlert failure={error} />
  if (!data)
    return (
      <Bullseye>
        <Spinner aria-label={loading} />
      </Bullseye>
    )
  const lines = [
    ...data.changes,
    ...data.added.map(
      ({ source, action, bytes: size }) => `+ ${source}: ${action}, ${bytes(size)}`,
    ),
    ...data.removed.map(({ source, action }) => `− ${source}: ${action}`),
  ]
  return (
    <>
      {data.warnings.map((warning) => (
        <Alert isInline variant="warning" title={warning} key={warning} />
      ))}
      <p>
        {words.space(bytes(data.initialBytes), bytes(data.estimatedBytes), bytes(data.freeBytes))}
      </p>
      <ul aria-label={words.steps.plan}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {data.pointsToGo.length > 0 && (
        <Alert isInline variant="danger" title={words.pointsToGo(data.pointsToGo.length)}>
          <ul>
            {data.pointsToGo.slice(0, 50).map(({ point, source, reason }) => (
              <li key={point}>
                {source} {point}: {reason}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  )
}
