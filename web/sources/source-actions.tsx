import { Button } from '@patternfly/react-core'
import { useState } from 'react'
import type { Source } from '../api/documents.ts'
import { useMay } from '../session/may.ts'
import { useSession } from '../session/session.tsx'
import { RowMenu } from '../shown/row-menu.tsx'
import { useWords } from '../words/words.tsx'
import { MoveSource } from './move-source.tsx'
import { NewPoint } from './new-point.tsx'
import { RefusedTransfers } from './refused-transfers.tsx'
import { SourceSettings } from './source-settings.tsx'
import { useTransfers } from './start-transfers.ts'

type Asked = 'point' | 'settings' | 'move'

/** What can be done with a data source: a point at once, everything else behind a menu. */
export function SourceActions({ source }: { readonly source: Source }) {
  const words = useWords()
  const may = useMay()
  const { role } = useSession().session.operator
  const [asked, setAsked] = useState<Asked | undefined>()
  const { start, isPending, ...told } = useTransfers()
  const close = () => setAsked(undefined)
  const { name, points } = source
  const begin = (kind: 'point' | 'synchronize' | 'check') => start({ sources: [name], kind })
  const item = (title: string, onClick: () => void, isThere: boolean) =>
    isThere ? [{ title, onClick }] : []
  // A self-service user makes points, nothing else.
  const runs = may('StartTransfers') && role !== 'self-service'
  return (
    <>
      <RefusedTransfers {...told} />
      <div className="row-actions">
        {may('StartTransfers') && (
          <Button variant="link" isInline isDisabled={isPending} onClick={() => begin('point')}>
            {words.createPoint}
          </Button>
        )}
        <RowMenu
          label={words.sources.actionsOf(name)}
          items={[
            ...item(words.sources.pointWith, () => setAsked('point'), may('StartTransfers')),
            ...item(words.sources.synchronize, () => begin('synchronize'), runs),
            ...item(words.check, () => begin('check'), runs && points > 0),
            ...item(words.sources.settings, () => setAsked('settings'), may('SetSource')),
            ...item(words.sources.move, () => setAsked('move'), may('MoveOwner')),
          ]}
        />
      </div>
      {asked === 'point' && <NewPoint source={source} onClose={close} />}
      {asked === 'settings' && <SourceSettings source={source} onClose={close} />}
      {asked === 'move' && <MoveSource source={source} onClose={close} />}
    </>
  )
}
