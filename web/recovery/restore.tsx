import { ActionGroup, Button, Checkbox, Form } from '@patternfly/react-core'
import { useEffect, useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { Job, Point, RestorePlan, Source } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { FailureAlert, Loaded } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { KeptOptions } from './kept-options.tsx'
import { RestoreMachine } from './restore-machine.tsx'
import { RestoreOptions } from './restore-options.tsx'
import { RestoreSummary } from './restore-summary.tsx'
import { RestoreWhere } from './restore-where.tsx'
import { WhichPoint } from './which-point.tsx'
import { NO_WISH, requestOf, wishOf, type Wish } from './restore-wish.ts'

/** A point back: where to, a summary of what that means, and only then a start. */
export function Restore() {
  const { point: id = '' } = useParams()
  const [search] = useSearchParams()
  const words = useWords()
  const may = useMay()
  const again = search.get('again')
  const point = useDocument<Point>(['points', id])
  const before = useDocument<Job>(['jobs', again ?? ''], {}, again !== null)
  const asked = before.data?.restoreRequest
  return (
    <Page title={words.restore}>
      <WhichPoint point={point.data} />
      {again === null ? (
        <Wishes point={id} of={point.data} first={{ ...NO_WISH, original: !may('ListHosts') }} />
      ) : (
        <Loaded of={before}>
          {() => asked && <Wishes point={id} of={point.data} first={wishOf(asked)} isAgain />}
        </Loaded>
      )}
    </Page>
  )
}

interface WishesProps {
  readonly point: string
  readonly of: Point | undefined
  readonly first: Wish
  /** What was asked before is shown with its summary at once. */
  readonly isAgain?: boolean
}

function Wishes({ point, of, first, isAgain = false }: WishesProps) {
  const words = useWords()
  const [wish, setWish] = useState(first)
  const source = useDocument<Source>(['sources', of?.source ?? ''], {}, of !== undefined)
  const plan = useChange<RestorePlan>()
  const change = (part: Partial<Wish>) => {
    setWish({ ...wish, ...part })
    plan.reset()
  }
  const body = requestOf(point, wish)
  const show = () => plan.mutate({ verb: 'POST', parts: ['restores', 'plan'], body })
  useEffect(() => {
    if (isAgain) show()
    // Once: what is changed afterwards asks for a new summary.
  }, [])
  return (
    <>
      {isAgain && <KeptOptions kept={wish.kept} />}
      <Form
        className="spaced"
        onSubmit={(event) => {
          event.preventDefault()
          show()
        }}
      >
        <RestoreWhere wish={wish} onChange={change} />
        {source.data?.kind === 'vm' && <RestoreMachine wish={wish} onChange={change} />}
        <RestoreOptions wish={wish} onChange={change} disks={of?.disks ?? []} />
        {plan.error && <FailureAlert failure={plan.error} />}
        <ActionGroup>
          <Button type="submit" variant="secondary" isDisabled={plan.isPending}>
            {words.showPlan}
          </Button>
        </ActionGroup>
      </Form>
      {plan.data && <Start key={JSON.stringify(body)} plan={plan.data} body={body} />}
    </>
  )
}

interface StartProps {
  readonly plan: RestorePlan
  readonly body: object
}

/** Nothing that is there is replaced unless somebody says so. */
function Start({ plan, body }: StartProps) {
  const { overwriteSure, startRestore } = useWords()
  const [sure, setSure] = useState(false)
  const start = useChange<Job>()
  const go = useNavigate()
  const replaces = plan.overwrites.length > 0
  const begin = () =>
    start.mutate(
      { verb: 'POST', parts: ['restores'], body },
      { onSuccess: ({ id }) => void go(`/jobs/${id}`) },
    )
  return (
    <>
      <RestoreSummary plan={plan} />
      {replaces && (
        <Checkbox
          id="sure"
          label={overwriteSure}
          isChecked={sure}
          onChange={(_, checked) => setSure(checked)}
        />
      )}
      {start.error && <FailureAlert failure={start.error} />}
      <Button
        className="spaced"
        isDanger={replaces}
        isDisabled={start.isPending || (replaces && !sure)}
        onClick={begin}
      >
        {startRestore}
      </Button>
    </>
  )
}
