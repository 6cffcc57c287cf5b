import { Alert } from '@patternfly/react-core'
import type { Job } from '../api/documents.ts'
import { shownName } from '../files/names.ts'
import { useWords } from '../words/words.tsx'

/** What came of files that were restored: each that failed, with why; what the target cannot hold. */
export function Items({ items }: { readonly items: NonNullable<Job['items']> }) {
  const { files } = useWords()
  return (
    <>
      <p>{files.restored(items.restored, items.folder)}</p>
      {items.skipped > 0 && <p>{files.skipped(items.skipped)}</p>}
      {items.lost.map((sentence) => (
        <Alert isInline variant="warning" title={sentence} key={sentence} />
      ))}
      {items.failedCount > 0 && (
        <Alert isInline variant="danger" title={files.failed(items.failedCount)}>
          <ul>
            {items.failed.map(({ path, error }) => (
              <li key={path} className="path">
                {shownName(path)}: {error?.message}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  )
}
