import { ActionGroup, Button, Form } from '@patternfly/react-core'
import { useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { Job, Point } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { KeptOptions } from '../recovery/kept-options.tsx'
import { WhichPoint } from '../recovery/which-point.tsx'
import { addressesOf } from '../shown/addresses.ts'
import { FailureAlert, Loaded } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { shownPattern, type Named } from './choice.ts'
import { FileRestoreFields, NOTHING_WANTED } from './file-restore-fields.tsx'
import { shownName } from './names.ts'

/** Chosen files and folders onto a host; which ones is in the address, and which job asked so before. */
export function FileRestore() {
  const { point = '' } = useParams()
  const [search] = useSearchParams()
  const { restore } = useWords()
  const again = search.get('again')
  const found = useDocument<Point>(['points', point])
  const before = useDocument<Job>(['jobs', again ?? ''], {}, again !== null)
  const named: Named = {
    paths: search.getAll('paths'),
    matching: search.getAll('matching'),
    except: search.getAll('except'),
  }
  return (
    <Page title={restore}>
      <WhichPoint point={found.data} />
      <Which named={named} />
      {again === null ? (
        <Wanted point={point} named={named} />
      ) : (
        <Loaded of={before}>
          {({ fileRestoreRequest }) => (
            <Wanted point={point} named={named} asked={fileRestoreRequest ?? undefined} />
          )}
        </Loaded>
      )}
    </Page>
  )
}

function Which({ named: { paths, matching, except } }: { readonly named: Named }) {
  const { files } = useWords()
  return (
    <>
      <ul aria-label={files.which} className="spaced">
        {[...paths.map(shownName), ...matching.map(shownPattern)].map((path) => (
          <li key={path} className="path">
            {path}
          </li>
        ))}
      </ul>
      {except.length > 0 && (
        <details className="spaced">
          <summary>{files.butFor(except.length)}</summary>
          <ul>
            {except.map((path) => (
              <li key={path} className="path">
                {shownName(path)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

interface WantedProps {
  readonly point: string
  readonly named: Named
  /** By a job that is run again. */
  readonly asked?: Asked | undefined
}

function Wanted({ point, named, asked }: WantedProps) {
  const { startRestore } = useWords()
  const [wanted, setWanted] = useState(asked ? wantedOf(asked) : NOTHING_WANTED)
  const start = useChange<Job>()
  const go = useNavigate()
  const begin = () =>
    start.mutate(
      {
        verb: 'POST',
        parts: ['file-restores'],
        body: {
          ...{ point, ...named, ...wanted, notify: addressesOf(wanted.notify) },
          ...(asked ? keptOf(asked) : {}),
        },
      },
      { onSuccess: ({ id }) => void go(`/jobs/${id}`) },
    )
  return (
    <>
      {asked && (
        <KeptOptions
          kept={{
            ...{ discardMemory: false, rateHours: asked.rateHours },
            timeZone: asked.timeZone ?? '',
          }}
        />
      )}
      <Form
        onSubmit={(event) => {
          event.preventDefault()
          begin()
        }}
      >
        <FileRestoreFields wanted={wanted} onChange={(part) => setWanted({ ...wanted, ...part })} />
        {start.error && <FailureAlert failure={start.error} />}
        <ActionGroup>
          <Button
            type="submit"
            isDisabled={start.isPending || wanted.toHost === '' || wanted.folder === ''}
          >
            {startRestore}
          </Button>
        </ActionGroup>
      </Form>
    </>
  )
}

type Asked = NonNullable<Job['fileRestoreRequest']>

function wantedOf(asked: Asked): typeof NOTHING_WANTED {
  const { toHost, folder, onConflict, owners, special, resultFolder, notify } = asked
  const where = { toHost, folder, resultFolder, notify: notify.join(', ') }
  return { ...where, onConflict, owners, special }
}

/** What the form has no fields for. */
function keptOf({ disk, bytesPerSecond, rateHours, timeZone }: Asked): object {
  return {
    ...{ bytesPerSecond, rateHours },
    ...(disk === null ? {} : { disk }),
    ...(timeZone === null || rateHours.length === 0 ? {} : { timeZone }),
  }
}
