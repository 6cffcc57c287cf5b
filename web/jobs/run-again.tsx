import { Button } from '@patternfly/react-core'
import { useNavigate } from 'react-router'
import type { Job } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { useWords } from '../words/words.tsx'

/** What starts a transfer of the same kind. */
const TRANSFERS: Readonly<Record<string, string>> = {
  'initial-replication': 'point',
  'recovery-point': 'point',
  synchronization: 'synchronize',
  'consistency-check': 'check',
}

interface Starts {
  readonly starts: readonly {
    readonly job: string | null
    readonly error: { readonly message: string } | null
  }[]
}

/** The same once more, for a job that did not do all of its work. */
export function RunAgain({ job }: { readonly job: Job }) {
  const words = useWords()
  const may = useMay()
  const transfer = useChange<Starts>()
  const go = useNavigate()
  const kind = TRANSFERS[job.kind]
  const isOver = ['failed', 'cancelled', 'completed-with-warnings'].includes(job.state)
  if (!isOver || kind === undefined || job.source === null || !may('StartTransfers')) return null
  const refusal = transfer.data?.starts[0]?.error
  return (
    <>
      {transfer.error && <FailureAlert failure={transfer.error} />}
      {refusal && <span role="alert">{refusal.message}</span>}
      <Button
        variant="secondary"
        isDisabled={transfer.isPending}
        onClick={() =>
          transfer.mutate(
            { verb: 'POST', parts: ['transfers'], body: { sources: [job.source], kind } },
            {
              onSuccess: ({ starts }) => {
                const next = starts[0]?.job
                if (next) void go(`/jobs/${next}`)
              },
            },
          )
        }
      >
        {words.runAgain}
      </Button>
    </>
  )
}
