import { Button, TextInput } from '@patternfly/react-core'
import { useState, type ReactNode } from 'react'
import { Link, useParams } from 'react-router'
import type { Point } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { bytes } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { FailureAlert, Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { Term } from '../shown/term.tsx'
import { useWords } from '../words/words.tsx'
import { Badges } from './badges.tsx'
import { PointActions } from './point-actions.tsx'
import { FactList } from '../shown/fact-list.tsx'

/** One point: what it is worth and what can be done with it. */
export function PointPage() {
  const { point: id = '' } = useParams()
  const words = useWords()
  const point = useDocument<Point>(['points', id])
  return (
    <Page
      title={words.pointOf(point.data?.source ?? id)}
      actions={<Ways id={id} point={point.data} />}
    >
      <Loaded of={point}>
        {(document) => (
          <>
            <Badges point={document} />
            <Facts point={document} />
            <Changes point={document} />
            <Disks point={document} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Ways({ id, point }: { readonly id: string; readonly point: Point | undefined }) {
  const words = useWords()
  const may = useMay()
  const ways: readonly (readonly [string, string])[] = [
    ...(may('ListFiles') ? ([['files', words.browseFiles]] as const) : []),
    ...(may('ComparePoints') ? ([['compare', words.compare.with]] as const) : []),
    ...(may('StartRestore') ? ([['restore', words.restore]] as const) : []),
  ]
  return (
    <div className="row-actions">
      {point?.state !== 'deleted' &&
        ways.map(([way, word]) => (
          <Link key={way} to={`/points/${id}/${way}`}>
            {word}
          </Link>
        ))}
      {point && <PointActions point={point} />}
    </div>
  )
}

function Facts({ point }: { readonly point: Point }) {
  const { columns } = useWords()
  const facts: [string, ReactNode][] = [
    [
      columns.source,
      <Link key="source" to={`/recovery/${encodeURIComponent(point.source)}`}>
        {point.source}
      </Link>,
    ],
    [columns.at, <Moment key="at" exact at={point.createdAt} />],
    [columns.captured, <Moment key="captured" exact at={point.capturedAt} />],
    [columns.size, bytes(point.sizeBytes)],
    [columns.changed, bytes(point.changedBytes)],
    [columns.sent, bytes(point.sentBytes)],
    [columns.stored, bytes(point.storedBytes)],
    [columns.verified, <Moment key="verified" at={point.verifiedAt} />],
    [columns.proven, <Moment key="proven" at={point.provenAt} />],
    [columns.expires, <Moment key="expires" at={point.expiresAt} />],
    [columns.label, point.label ?? '–'],
  ]
  return <FactList facts={facts} isWide className="spaced" />
}

function Changes({ point }: { readonly point: Point }) {
  const words = useWords()
  const may = useMay()
  const [comment, setComment] = useState(point.comment ?? '')
  const change = useChange<Point>()
  const parts = ['points', point.id]
  const protection = point.protected ? ('DELETE' as const) : ('PUT' as const)
  return (
    <form
      className="spaced"
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate({ verb: 'PUT', parts: [...parts, 'comment'], body: { comment } })
      }}
    >
      {change.error && <FailureAlert failure={change.error} />}
      <TextInput
        aria-label={words.columns.comment}
        placeholder={words.columns.comment}
        readOnlyVariant={may('CommentPoint') ? undefined : 'default'}
        value={comment}
        onChange={(_, text) => setComment(text)}
      />
      <div className="actions">
        {may('CommentPoint') && (
          <Button type="submit" variant="secondary" isDisabled={comment === (point.comment ?? '')}>
            {words.save}
          </Button>
        )}
        {may(point.protected ? 'UnprotectPoint' : 'ProtectPoint') && (
          <Button
            variant="secondary"
            onClick={() => change.mutate({ verb: protection, parts: [...parts, 'protection'] })}
          >
            {point.protected ? words.unprotect : words.protect}
          </Button>
        )}
      </div>
    </form>
  )
}

function Disks({ point }: { readonly point: Point }) {
  const { columns, noDisks } = useWords()
  return (
    <ListTable
      label={columns.disk}
      rows={point.disks}
      keyOf={({ name }) => name}
      empty={noDisks}
      columns={[
        { title: columns.disk, show: ({ name }) => name },
        { title: columns.size, show: ({ sizeBytes }) => bytes(sizeBytes) },
        { title: columns.format, show: ({ format }) => format ?? '–' },
        { title: columns.transfer, show: ({ transferMode }) => <Term word={transferMode} /> },
        { title: columns.reason, show: ({ transferReason }) => transferReason ?? '' },
        { title: columns.unreadable, show: ({ unreadableBytes }) => bytes(unreadableBytes ?? 0) },
      ]}
    />
  )
}
