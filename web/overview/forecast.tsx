import { Link } from 'react-router'
import type { StorageHistory } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { Moment } from '../shown/moment.tsx'
import { useWords } from '../words/words.tsx'
import { FORECAST_DAYS } from './first-asked.ts'

/** When the store will be full, as it goes. */
export function Forecast() {
  const { usage: words } = useWords()
  const history = useDocument<StorageHistory>(['storage', 'history'], { days: FORECAST_DAYS })
  if (!history.data) return null
  const { fullAt } = history.data
  return (
    <p>
      <Link to="/storage">{fullAt === null ? words.notFull : words.fullAt}</Link>{' '}
      {fullAt !== null && (
        <strong>
          <Moment at={fullAt} />
        </strong>
      )}
    </p>
  )
}
