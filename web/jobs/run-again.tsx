import { Button } from '@patternfly/react-core'
import { Link, useNavigate } from 'react-router'
import type { Job } from '../api/documents.ts'
import { useChange } from '../api/use-api.ts'
import { namedIn } from '../files/choice.ts'
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

/** The same once more: a transfer that did not do all of its work, or any recovery. */
export function RunAgain({ job }: { readonly job: Job }) {
  const address = recoveryAgain(job)
  const { runAgain } = useWords()
  const may = useMay()
  if (address === undefined) return <TransferAgain job={job} />
  const isOver = job.finishedAt !== null
  if (!isOver || !may(job.restoreRequest ? 'StartRestore' : 'StartFileRestore')) return null
  return <Link to={address}>{runAgain}</Link>
}

/** Where it is shown as it was asked, for somebody to say that it is to be done. */
function recoveryAgain({ id, restoreRequest, fileRestoreRequest }: Job): string | undefined {
  if (restoreRequest) return `/points/${restoreRequest.point}/restore?again=${id}`
  if (!fileRestoreRequest) return undefined
  const { point, ...named } = fileRestoreRequest
  return `/points/${point}/file-restore?${namedIn(named)}&again=${id}`
}

function TransferAgain({ job }: { readonly job: Job }) {
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
