import { Alert, Breadcrumb, BreadcrumbItem } from '@patternfly/react-core'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import type { Point } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { FailureAlert, Nothing } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { NOTHING_CHOSEN } from './choice.ts'
import { Chosen } from './chosen.tsx'
import { Listing } from './listing.tsx'
import { shownName, stepsOf } from './names.ts'
import { Narrow, Told } from './narrow.tsx'
import { useFolder } from './use-folder.ts'
import { useFolderWish } from './use-folder-wish.ts'

/** Folders and files inside of a point; where one is, is in the address. */
export function Files() {
  const { point = '' } = useParams()
  const words = useWords()
  const may = useMay()
  const document = useDocument<Point>(['points', point])
  const source = may('SearchFiles') ? document.data?.source : undefined
  const { wish, ...ways } = useFolderWish(point)
  const { path, name } = wish
  const folder = useFolder(wish)
  const { failure, total, seen, warnings } = folder
  const [choice, setChoice] = useState(NOTHING_CHOSEN)
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
      <Told {...{ name, seen, total }} />
      <Chosen point={point} choice={choice} onChange={setChoice} />
      {warnings.map((warning) => (
        <Alert isInline variant="warning" title={warning} key={warning} />
      ))}
      {failure && <FailureAlert failure={failure} />}
      {total === null && !failure && <Nothing title={words.loading} />}
      {total !== null && (
        <Listing
          key={`${path} ${name}`}
          {...{ wish, ...ways, folder, total, source, to, choice }}
          onChoose={setChoice}
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
