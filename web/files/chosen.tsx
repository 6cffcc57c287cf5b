import { Button, Card, CardBody, CardTitle, Label, LabelGroup } from '@patternfly/react-core'
import { Link } from 'react-router'
import { useMay } from '../session/may.ts'
import { useWords } from '../words/words.tsx'
import { downloadOf } from './download.ts'
import { shownName } from './names.ts'

interface Props {
  readonly point: string
  /** Paths, as the API writes them. */
  readonly paths: readonly string[]
  readonly onForget: (path: string) => void
  readonly onForgetAll: () => void
}

/** What was ticked, from whichever folders, and what can be done with all of it. */
export function Chosen({ point, paths, onForget, onForgetAll }: Props) {
  const { files } = useWords()
  const may = useMay()
  if (paths.length === 0) return null
  const query = paths.map((path) => `paths=${encodeURIComponent(path)}`).join('&')
  return (
    <Card isCompact className="spaced" aria-live="polite">
      <CardTitle>{files.chosen(paths.length)}</CardTitle>
      <CardBody>
        <LabelGroup numLabels={12}>
          {paths.map((path) => (
            <Label
              key={path}
              onClose={() => onForget(path)}
              closeBtnAriaLabel={files.forget(shownName(path))}
            >
              {shownName(path)}
            </Label>
          ))}
        </LabelGroup>
        <div className="actions">
          <a href={downloadOf(point, paths, 'zip')} download>
            {files.asZip}
          </a>
          <a href={downloadOf(point, paths, 'tar')} download title={files.tarHelp}>
            {files.asTar}
          </a>
          {may('StartFileRestore') && (
            <Link to={`/points/${point}/file-restore?${query}`}>{files.toHost}</Link>
          )}
          <Button variant="link" isInline onClick={onForgetAll}>
            {files.forgetAll}
          </Button>
        </div>
      </CardBody>
    </Card>
  )
}
