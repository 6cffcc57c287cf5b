import { Button, ClipboardCopy } from '@patternfly/react-core'
import type { Host } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { useMay } from '../session/may.ts'
import { rate } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { FailureAlert, Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { Page } from '../shown/page.tsx'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords } from '../words/words.tsx'
import { HostActions } from './host-actions.tsx'

/** Enrolled hosts, and how another one joins. */
export function Hosts() {
  const words = useWords()
  const { columns } = words
  const may = useMay()
  const hosts = useDocument<{ hosts: Host[] }>(['hosts'])
  return (
    <Page title={words.places.hosts}>
      {may('CreateToken') && <Join />}
      <Loaded of={hosts}>
        {({ hosts }) => (
          <ListTable
            label={words.places.hosts}
            rows={hosts}
            keyOf={({ id }) => id}
            empty={words.noHosts}
            columns={[
              { title: columns.host, show: ({ name }) => name, sortBy: ({ name }) => name },
              { title: columns.state, show: ({ state }) => <StateLabel state={state} /> },
              { title: columns.version, show: ({ version }) => version ?? '–' },
              {
                title: columns.sources,
                show: ({ sources }) => sources,
                sortBy: ({ sources }) => sources,
              },
              {
                title: columns.lastSeen,
                show: ({ lastSeenAt }) => <Moment relative at={lastSeenAt} />,
              },
              {
                title: columns.certificate,
                show: ({ certificateExpiresAt }) => <Moment relative at={certificateExpiresAt} />,
              },
              {
                title: columns.throttle,
                show: ({ bytesPerSecond }) => (bytesPerSecond > 0 ? rate(bytesPerSecond) : '–'),
              },
              { title: columns.warnings, show: ({ warnings }) => warnings.join('; ') },
              {
                title: words.actions,
                isActions: true,
                show: (host) => <HostActions host={host} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  )
}

function Join() {
  const words = useWords()
  const change = useChange<{ token: string; expiresAt: string }>()
  const ask = () =>
    change.mutate({ verb: 'POST', parts: ['join-tokens'], body: { ttlSeconds: 15 * 60 } })
  return (
    <div className="spaced">
      <Button onClick={ask} isDisabled={change.isPending}>
        {words.addHost}
      </Button>
      {change.error && <FailureAlert failure={change.error} />}
      {change.data && (
        <>
          <p>{words.joinCommand}</p>
          <ClipboardCopy isReadOnly hoverTip={words.copy} clickTip={words.copied} className="path">
            {`echo '${change.data.token}' | holdfast agent run --data /var/lib/holdfast-agent --join-file - --images /var/lib/libvirt/images`}
          </ClipboardCopy>
          <p>
            {words.goodUntil} <Moment at={change.data.expiresAt} />
          </p>
        </>
      )}
    </div>
  )
}
