import { Alert, Breadcrumb, BreadcrumbItem } from '@patternfly/react-core'
import { useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import type { Point } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { FailureAlert, Nothing } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { Chosen } from './chosen.tsx'
import { Listing } from './listing.tsx'
import { shownName, stepsOf } from './names.ts'
import { Narrow, Told } from './narrow.tsx'
import { useFolder } from './use-folder.ts'

/** Folders and files inside of a point; where one is, is in the address. */
export function Files() {
  const { point = '' } = useParams()
  const words = useWords()
  const [search] = useSearchParams()
  const path = search.get('path') ?? '/'
  const name = search.get('name') ?? ''
  const may = useMay()
  const document = useDocument<Point>(['points', point])
  const source = may('SearchFiles') ? document.data?.source : undefined
  const { found, failure, done } = useFolder(point, path, name)
  const { entries, warnings } = found
  const empty = name === '' ? words.emptyFolder : words.files.notFound
  const [chosen, setChosen] = useState<readonly string[]>([])
  const forget = (path: string) => setChosen((all) => all.filter((one) => one !== path))
  const choose = (path: string, isChosen: boolean) =>
    isChosen ? setChosen((all) => [...all, path]) : forget(path)
  const to = (path: string) => `/points/${point}/files?path=${encodeURIComponent(path)}`
  return (
    <Page title={words.browseFiles} actions={<Ways point={point} />}>
      <Breadcrumb>
        {stepsOf(path).map(({ name, path: step }) => (
          <BreadcrumbItem key={step}>
            <Link to={to(step)}>{name === '' ? words.top : shownName(name)}</Link>
          </BreadcrumbItem>
        ))}
      </Breadcrumb>
      <Narrow key={path} path={path} name={name} />
      <Told folder={found} name={name} done={done} />
      <Chosen point={point} paths={chosen} onForget={forget} onForgetAll={() => setChosen([])} />
      {warnings.map((warning) => (
        <Alert isInline variant="warning" title={warning} key={warning} />
      ))}
      {failure && <FailureAlert failure={failure} />}
      {!done && entries.length === 0 && !failure && <Nothing title={words.loading} />}
      {(done || entries.length > 0) && !failure && (
        <Listing
          key={`${path} ${name}`}
          {...{ point, path, source, entries, empty, to, chosen }}
          onChoose={choose}
        />
      )}
    </Page>
  )
}

/** Which point this is, and where else one can look. */
function Ways({ point: id }: { readonly point: string }) {
  const { pointOf, files } = useWords()
  const { data: point } = useDocument<Point>(['points', id])
  if (!point) return null
  return (
    <>
      <Link to={`/points/${id}`}>{pointOf(point.source)}</Link>
      {' · '}
      <Link to={`/recovery/${encodeURIComponent(point.source)}/search`}>{files.search}</Link>
    </>
  )
}
