import { lazy, type ComponentType } from 'react'
import { Navigate, Route, Routes } from 'react-router'
import { useMay, type Call } from '../session/may.ts'
import { useSession } from '../session/session.tsx'
import { Nothing } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords, type Words } from '../words/words.tsx'

interface Place {
  readonly path: string
  readonly page: ComponentType
  /** Its word in the navigation; a place without one is reached from another. */
  readonly place?: keyof Words['places']
  /** Without this call the page shows nothing: who may not make it is not led there. */
  readonly needs: Call
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
    needs: 'GetStatus',
    place: 'overview',
    page: page(() => import('../overview/overview.tsx'), 'Overview'),
  },
  {
    path: '/sources',
    needs: 'ListSources',
    place: 'protection',
    page: page(() => import('../sources/sources.tsx'), 'Sources'),
  },
  {
    path: '/groups',
    needs: 'ListGroups',
    place: 'groups',
    page: page(() => import('../groups/groups.tsx'), 'Groups'),
  },
  {
    path: '/groups/new',
    needs: 'SaveGroup',
    page: page(() => import('../groups/wizard.tsx'), 'NewGroup'),
  },
  {
    path: '/groups/:group',
    needs: 'GetGroup',
    page: page(() => import('../groups/group.tsx'), 'GroupPage'),
  },
  {
    path: '/groups/:group/change',
    needs: 'SaveGroup',
    page: page(() => import('../groups/wizard.tsx'), 'ChangeGroup'),
  },
  {
    path: '/recovery',
    needs: 'ListSources',
    place: 'recovery',
    page: page(() => import('../recovery/recovery.tsx'), 'Recovery'),
  },
  {
    path: '/recovery/:source',
    needs: 'ListPoints',
    page: page(() => import('../recovery/source-points.tsx'), 'SourcePoints'),
  },
  {
    path: '/points/:point',
    needs: 'GetPoint',
    page: page(() => import('../recovery/point.tsx'), 'PointPage'),
  },
  {
    path: '/points/:point/restore',
    needs: 'StartRestore',
    page: page(() => import('../recovery/restore.tsx'), 'Restore'),
  },
  {
    path: '/points/:from/compare/:to?',
    needs: 'ComparePoints',
    page: page(() => import('../recovery/compare.tsx'), 'Compare'),
  },
  {
    path: '/recovery/:source/search',
    needs: 'SearchFiles',
    page: page(() => import('../files/search.tsx'), 'SearchFiles'),
  },
  {
    path: '/points/:point/file-restore',
    needs: 'StartFileRestore',
    page: page(() => import('../files/file-restore.tsx'), 'FileRestore'),
  },
  {
    path: '/points/:point/files',
    needs: 'ListFiles',
    page: page(() => import('../files/files.tsx'), 'Files'),
  },
  {
    path: '/jobs',
    needs: 'ListJobs',
    place: 'jobs',
    page: page(() => import('../jobs/jobs.tsx'), 'Jobs'),
  },
  { path: '/jobs/:job', needs: 'GetJob', page: page(() => import('../jobs/job.tsx'), 'JobPage') },
  {
    path: '/alerts',
    needs: 'ListAlerts',
    place: 'alerts',
    page: page(() => import('../alerts/alerts.tsx'), 'Alerts'),
  },
  {
    path: '/alerts/:alert',
    needs: 'GetAlert',
    page: page(() => import('../alerts/alert.tsx'), 'AlertPage'),
  },
  {
    path: '/hosts',
    needs: 'ListHosts',
    place: 'hosts',
    page: page(() => import('../hosts/hosts.tsx'), 'Hosts'),
  },
  {
    path: '/storage',
    needs: 'GetStorage',
    place: 'storage',
    page: page(() => import('../storage/storage.tsx'), 'StoragePage'),
  },
  {
    path: '/events',
    needs: 'ListEvents',
    place: 'events',
    page: page(() => import('../alerts/events.tsx'), 'Events'),
  },
  {
    path: '/storage/retention',
    needs: 'PreviewRetention',
    page: page(() => import('../simulator/simulator.tsx'), 'Simulator'),
  },
  {
    path: '/reports',
    needs: 'GetReport',
    place: 'reports',
    page: page(() => import('../reports/reports.tsx'), 'Reports'),
  },
  {
    path: '/settings',
    needs: 'ListSubscribers',
    place: 'settings',
    page: page(() => import('../settings/settings.tsx'), 'Settings'),
  },
  {
    path: '/operators',
    needs: 'ListOperators',
    place: 'operators',
    page: page(() => import('../operators/operators.tsx'), 'Operators'),
  },
  {
    path: '/audit',
    needs: 'ListAudit',
    place: 'audit',
    page: page(() => import('../audit/audit.tsx'), 'Audit'),
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
