import { FormSelect, FormSelectOption } from '@patternfly/react-core'
import { useNavigate, useParams } from 'react-router'
import type { Point, PointComparison } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { bytes, exactTime } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { ComparedFiles } from './compared-files.tsx'

/** What differs between two points of a machine: blocks at once, files as they are found. */
export function Compare() {
  const { from = '', to = '' } = useParams()
  const { compare } = useWords()
  const blocks = useDocument<PointComparison>(['points', from, 'compare', to], {}, to !== '')
  return (
    <Page title={compare.title} actions={<Choice from={from} to={to} />}>
      {to !== '' && (
        <>
          <section>
            <h2>{compare.blocks}</h2>
            <Loaded of={blocks}>{(document) => <Blocks comparison={document} />}</Loaded>
          </section>
          <section>
            <h2>{compare.files}</h2>
            <ComparedFiles from={from} to={to} />
          </section>
        </>
      )}
    </Page>
  )
}

/** Two points of the same machine; which is part of the address. */
function Choice({ from, to }: { readonly from: string; readonly to: string }) {
  const { compare, choose, locale } = useWords()
  const go = useNavigate()
  const point = useDocument<Point>(['points', from])
  const source = point.data?.source
  const points = useDocument<{ points: Point[] }>(['points'], { source }, source !== undefined)
  const select = (label: string, value: string, onChange: (id: string) => void) => (
    <label className="choice">
      {label}
      <FormSelect aria-label={label} value={value} onChange={(_, id) => onChange(id)}>
        {value === '' && <FormSelectOption value="" label={choose} isPlaceholder />}
        {(points.data?.points ?? []).map(({ id, createdAt, label }) => (
          <FormSelectOption
            key={id}
            value={id}
            label={`${exactTime(createdAt, locale)}${label ? ` · ${label}` : ''}`}
          />
        ))}
      </FormSelect>
    </label>
  )
  return (
    <div className="actions">
      {select(compare.from, from, (id) => void go(`/points/${id}/compare/${to}`))}
      {select(compare.to, to, (id) => void go(`/points/${from}/compare/${id}`))}
    </div>
  )
}

function Blocks({ comparison }: { readonly comparison: PointComparison }) {
  const { columns, compare, noDisks } = useWords()
  return (
    <>
      <p>{compare.differing(bytes(comparison.differingBytes))}</p>
      <ListTable
        label={compare.blocks}
        rows={comparison.disks}
        keyOf={({ name }) => name}
        empty={noDisks}
        columns={[
          { title: columns.disk, show: ({ name }) => name },
          { title: columns.changed, show: ({ differingBytes }) => bytes(differingBytes) },
          { title: compare.chunks, show: ({ differingChunks }) => differingChunks },
          { title: columns.reason, show: ({ note }) => note },
        ]}
      />
    </>
  )
}
