import { lazy, type ComponentType } from 'react'
import { Route, Routes } from 'react-router'
import { Nothing } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords, type Words } from '../words/words.tsx'

interface Place {
  readonly path: string
  readonly page: ComponentType
  /** Its word in the navigation; a place without one is reached from another. */
  readonly place?: keyof Words['places']
}

/** A page is loaded when somebody goes there. */
const page = (load: () => Promise<Record<string, ComponentType>>, name: string) =>
  lazy(async () => {
    const found = (await load())[name]
    if (!found) throw new Error(`there is no page ${name}`)
    return { default: found }
  })

export const PLACES: readonly Place[] = [
  {
    path: '/',
    place: 'overview',
    page: page(() => import('../overview/overview.tsx'), 'Overview'),
  },
  {
    path: '/sources',
    place: 'protection',
    page: page(() => import('../sources/sources.tsx'), 'Sources'),
  },
  {
    path: '/groups',
    place: 'groups',
    page: page(() => import('../groups/groups.tsx'), 'Groups'),
  },
  { path: '/groups/new', page: page(() => import('../groups/wizard.tsx'), 'NewGroup') },
  { path: '/groups/:group', page: page(() => import('../groups/group.tsx'), 'GroupPage') },
  {
    path: '/groups/:group/change',
    page: page(() => import('../groups/wizard.tsx'), 'ChangeGroup'),
  },
  {
    path: '/recovery',
    place: 'recovery',
    page: page(() => import('../recovery/recovery.tsx'), 'Recovery'),
  },
  {
    path: '/recovery/:source',
    page: page(() => import('../recovery/source-points.tsx'), 'SourcePoints'),
  },
  { path: '/points/:point', page: page(() => import('../recovery/point.tsx'), 'PointPage') },
  {
    path: '/points/:point/restore',
    page: page(() => import('../recovery/restore.tsx'), 'Restore'),
  },
  {
    path: '/points/:from/compare/:to?',
    page: page(() => import('../recovery/compare.tsx'), 'Compare'),
  },
  {
    path: '/recovery/:source/search',
    page: page(() => import('../files/search.tsx'), 'SearchFiles'),
  },
  {
    path: '/points/:point/file-restore',
    page: page(() => import('../files/file-restore.tsx'), 'FileRestore'),
  },
  { path: '/points/:point/files', page: page(() => import('../files/files.tsx'), 'Files') },
  { path: '/jobs', place: 'jobs', page: page(() => import('../jobs/jobs.tsx'), 'Jobs') },
  { path: '/jobs/:job', page: page(() => import('../jobs/job.tsx'), 'JobPage') },
  { path: '/alerts', place: 'alerts', page: page(() => import('../alerts/alerts.tsx'), 'Alerts') },
  { path: '/hosts', place: 'hosts', page: page(() => import('../hosts/hosts.tsx'), 'Hosts') },
  {
    path: '/storage',
    place: 'storage',
    page: page(() => import('../storage/storage.tsx'), 'StoragePage'),
  },
  { path: '/events', place: 'events', page: page(() => import('../alerts/events.tsx'), 'Events') },
]

export function Places() {
  return (
    <Routes>
      {PLACES.map(({ path, page: Shown }) => (
        <Route key={path} path={path} element={<Shown />} />
      ))}
      <Route path="*" element={<Nowhere />} />
    </Routes>
  )
}

function Nowhere() {
  const words = useWords()
  return (
    <Page title={words.nowhere}>
      <Nothing title={words.nowhere} />
    </Page>
  )
}
