import { useNavigate } from 'react-router'
import { useChange } from '../api/use-api.ts'

export interface TransferWish {
  readonly kind: 'point' | 'synchronize' | 'check'
  readonly sources?: readonly string[]
  readonly group?: string
  readonly label?: string
  readonly protect?: boolean
  readonly memory?: boolean
  readonly consistency?: string
}

interface Started {
  readonly starts: readonly {
    readonly source: string
    readonly job: string | null
    readonly error: { readonly message: string; readonly hint: string | null } | null
  }[]
}

/** Starts transfers and goes where they are seen; what did not start stays to be told. */
export function useTransfers() {
  const go = useNavigate()
  const change = useChange<Started>()
  const start = (body: TransferWish) =>
    change.mutate(
      { verb: 'POST', parts: ['transfers'], body },
      {
        onSuccess: ({ starts }) => {
          const jobs = starts.flatMap(({ job }) => (job === null ? [] : [job]))
          if (jobs.length < starts.length) return
          void go(jobs.length === 1 ? `/jobs/${jobs[0]}` : '/jobs')
        },
      },
    )
  const refused = (change.data?.starts ?? []).filter(({ error }) => error !== null)
  return { start, refused, failure: change.error, isPending: change.isPending }
}
