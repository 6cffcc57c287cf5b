import { lazy, type ComponentType } from 'react'
import { matchPath, Navigate, Route, Routes } from 'react-router'
import type { AskedDocument } from '../api/use-api.ts'
import { FIRST_ASKED } from '../overview/first-asked.ts'
import { useMay, type Call } from '../session/may.ts'
import { useSession } from '../session/session.tsx'
import { Nothing } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords, type Words } from '../words/words.tsx'

interface Place {
  readonly path: string
  readonly page: ComponentType
  readonly load: () => Promise<unknown>
  /** What it shows first. */
  readonly asks?: readonly AskedDocument[]
  /** Its word in the navigation; a place without one is reached from another. */
  readonly place?: keyof Words['places']
  /** Without this call the page shows nothing: who may not make it is not led there. */
  readonly needs: Call
}

/** A page is loaded when somebody goes there. */
function page(load: () => Promise<Record<string, ComponentType>>, name: string) {
  const shown = lazy(async () => {
    const found = (await load())[name]
    if (!found) throw new Error(`there is no page ${name}`)
    return { default: found }
  })
  return { page: shown, load }
}

/** Ahead of being shown; what fails is said when it is. */
export function loadPage(address: string): void {
  placeOf(address)
    ?.load()
    .catch(() => {})
}

/** What the page there asks for first, as far as somebody who may make these calls is led there. */
export function asksOf(address: string, may: readonly string[]): readonly AskedDocument[] {
  const place = placeOf(address)
  return place && may.includes(place.needs) ? (place.asks ?? []) : []
}

function placeOf(address: string): Place | undefined {
  return PLACES.find(({ path }) => matchPath(path, address))
}

export const PLACES: readonly Place[] = [
  {
    path: '/',
    needs: 'GetStatus',
    place: 'overview',
    asks: FIRST_ASKED,
    ...page(() => import('../overview/overview.tsx'), 'Overview'),
  },
  {
    path: '/sources',
    needs: 'ListSources',
    place: 'protection',
    ...page(() => import('../sources/sources.tsx'), 'Sources'),
  },
  {
    path: '/groups',
    needs: 'ListGroups',
    place: 'groups',
    ...page(() => import('../groups/groups.tsx'), 'Groups'),
  },
  {
    path: '/groups/new',
    needs: 'SaveGroup',
    ...page(() => import('../groups/wizard.tsx'), 'NewGroup'),
  },
  {
    path: '/groups/:group',
    needs: 'GetGroup',
    ...page(() => import('../groups/group.tsx'), 'GroupPage'),
  },
  {
    path: '/groups/:group/change',
    needs: 'SaveGroup',
    ...page(() => import('../groups/wizard.tsx'), 'ChangeGroup'),
  },
  {
    path: '/recovery',
    needs: 'ListSources',
    place: 'recovery',
    ...page(() => import('../recovery/recovery.tsx'), 'Recovery'),
  },
  {
    path: '/recovery/:source',
    needs: 'ListPoints',
    ...page(() => import('../recovery/source-points.tsx'), 'SourcePoints'),
  },
  {
    path: '/points/:point',
    needs: 'GetPoint',
    ...page(() => import('../recovery/point.tsx'), 'PointPage'),
  },
  {
    path: '/points/:point/restore',
    needs: 'StartRestore',
    ...page(() => import('../recovery/restore.tsx'), 'Restore'),
  },
  {
    path: '/points/:from/compare/:to?',
    needs: 'ComparePoints',
    ...page(() => import('../recovery/compare.tsx'), 'Compare'),
  },
  {
    path: '/recovery/:source/search',
    needs: 'SearchFiles',
    ...page(() => import('../files/search.tsx'), 'SearchFiles'),
  },
  {
    path: '/points/:point/file-restore',
    needs: 'StartFileRestore',
    ...page(() => import('../files/file-restore.tsx'), 'FileRestore'),
  },
  {
    path: '/points/:point/files',
    needs: 'ListFiles',
    ...page(() => import('../files/files.tsx'), 'Files'),
  },
  {
    path: '/jobs',
    needs: 'ListJobs',
    place: 'jobs',
    ...page(() => import('../jobs/jobs.tsx'), 'Jobs'),
  },
  { path: '/jobs/:job', needs: 'GetJob', ...page(() => import('../jobs/job.tsx'), 'JobPage') },
  {
    path: '/alerts',
    needs: 'ListAlerts',
    place: 'alerts',
    ...page(() => import('../alerts/alerts.tsx'), 'Alerts'),
  },
  {
    path: '/alerts/:alert',
    needs: 'GetAlert',
    ...page(() => import('../alerts/alert.tsx'), 'AlertPage'),
  },
  {
    path: '/hosts',
    needs: 'ListHosts',
    place: 'hosts',
    ...page(() => import('../hosts/hosts.tsx'), 'Hosts'),
  },
  {
    path: '/storage',
    needs: 'GetStorage',
    place: 'storage',
    ...page(() => import('../storage/storage.tsx'), 'StoragePage'),
  },
  {
    path: '/events',
    needs: 'ListEvents',
    place: 'events',
    ...page(() => import('../alerts/events.tsx'), 'Events'),
  },
  {
    path: '/storage/retention',
    needs: 'PreviewRetention',
    ...page(() => import('../simulator/simulator.tsx'), 'Simulator'),
  },
  {
    path: '/reports',
    needs: 'GetReport',
    place: 'reports',
    ...page(() => import('../reports/reports.tsx'), 'Reports'),
  },
  {
    path: '/settings',
    needs: 'ListSubscribers',
    place: 'settings',
    ...page(() => import('../settings/settings.tsx'), 'Settings'),
  },
  {
    path: '/operators',
    needs: 'ListOperators',
    place: 'operators',
    ...page(() => import('../operators/operators.tsx'), 'Operators'),
  },
  {
    path: '/audit',
    needs: 'ListAudit',
    place: 'audit',
    ...page(() => import('../audit/audit.tsx'), 'Audit'),
  },
]

/** Where somebody begins who may not ask for the state of the whole. */
const HOME_WITHIN_SCOPE = '/recovery'

export function Places() {
  const may = useMay()
  return (
    <Routes>
      {PLACES.map(({ path, page: Shown, needs }) => (
        <Route
          key={path}
          path={path}
          element={may(needs) ? <Shown /> : <Elsewhere path={path} />}
        />
      ))}
      <Route path="*" element={<Nowhere />} />
    </Routes>
  )
}

function Elsewhere({ path }: { readonly path: string }) {
  const { session: words, roles } = useWords()
  const { role } = useSession().session.operator
  if (path === '/') return <Navigate replace to={HOME_WITHIN_SCOPE} />
  return (
    <Page title={words.notYours}>
      <Nothing title={words.roleLacks(roles[role as keyof Words['roles']] ?? role)}>
        {words.askAdmin}
      </Nothing>
    </Page>
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
