import { ActionGroup, Button, Form } from '@patternfly/react-core'
import { useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { Job, Point } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { WhichPoint } from '../recovery/which-point.tsx'
import { addressesOf } from '../shown/addresses.ts'
import { FailureAlert } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { FileRestoreFields, NOTHING_WANTED } from './file-restore-fields.tsx'
import { shownName } from './names.ts'

/** Chosen files and folders onto a host; which ones is in the address. */
export function FileRestore() {
  const { point = '' } = useParams()
  const [search] = useSearchParams()
  const paths = search.getAll('paths')
  const { files, restore, startRestore } = useWords()
  const [wanted, setWanted] = useState(NOTHING_WANTED)
  const found = useDocument<Point>(['points', point])
  const start = useChange<Job>()
  const go = useNavigate()
  const begin = () =>
    start.mutate(
      {
        verb: 'POST',
        parts: ['file-restores'],
        body: { point, paths, ...wanted, notify: addressesOf(wanted.notify) },
      },
      { onSuccess: ({ id }) => void go(`/jobs/${id}`) },
    )
  return (
    <Page title={restore}>
      <WhichPoint point={found.data} />
      <ul aria-label={files.chosen(paths.length)} className="spaced">
        {paths.map((path) => (
          <li key={path} className="path">
            {shownName(path)}
          </li>
        ))}
      </ul>
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
    </Page>
  )
}
