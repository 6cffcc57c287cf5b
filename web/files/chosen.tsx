import { Alert, Button, Card, CardBody, CardTitle, Label, LabelGroup } from '@patternfly/react-core'
import { Link } from 'react-router'
import { useMay } from '../session/may.ts'
import { useWords } from '../words/words.tsx'
import {
  countOf,
  namedBy,
  namedIn,
  NOTHING_CHOSEN,
  withoutFolder,
  type Choice,
  type ChosenFolder,
} from './choice.ts'
import { downloadOf, isTooLong } from './download.ts'
import { shownName } from './names.ts'

interface Props {
  readonly point: string
  readonly choice: Choice
  readonly onChange: (choice: Choice) => void
}

/** What was ticked, from whichever folders, and what can be done with all of it. */
export function Chosen({ point, choice, onChange }: Props) {
  const { files } = useWords()
  const { paths, folders } = choice
  if (paths.length + folders.length === 0) return null
  const forget = (path: string) =>
    onChange({ ...choice, paths: paths.filter((one) => one !== path) })
  return (
    <Card isCompact className="spaced" aria-live="polite">
      <CardTitle>{files.chosen(countOf(choice))}</CardTitle>
      <CardBody>
        <LabelGroup numLabels={12}>
          {[
            ...folders.map((chosen) => (
              <Label
                key={`${chosen.folder} ${chosen.name}`}
                color="blue"
                onClose={() => onChange(withoutFolder(choice, chosen))}
                closeBtnAriaLabel={files.forget(shownName(chosen.folder))}
              >
                {shownFolder(chosen, files)}
              </Label>
            )),
            ...paths.map((path) => (
              <Label
                key={path}
                onClose={() => forget(path)}
                closeBtnAriaLabel={files.forget(shownName(path))}
              >
                {shownName(path)}
              </Label>
            )),
          ]}
        </LabelGroup>
        <Deeds {...{ point, choice, onChange }} />
      </CardBody>
    </Card>
  )
}

type FileWords = ReturnType<typeof useWords>['files']

function shownFolder({ folder, name, except }: ChosenFolder, files: FileWords): string {
  const all = files.allOf(shownName(folder), name)
  return except.length === 0 ? all : `${all} ${files.butFor(except.length)}`
}

function Deeds({ point, choice, onChange }: Props) {
  const { files } = useWords()
  const may = useMay()
  const named = namedBy(choice)
  const [zip, tar] = [downloadOf(point, named, 'zip'), downloadOf(point, named, 'tar')]
  return (
    <div className="actions">
      {isTooLong(zip) ? (
        <Alert isInline isPlain variant="warning" title={files.tooMany} />
      ) : (
        <>
          <a href={zip} download>
            {files.asZip}
          </a>
          <a href={tar} download title={files.tarHelp}>
            {files.asTar}
          </a>
        </>
      )}
      {may('StartFileRestore') && (
        <Link to={`/points/${point}/file-restore?${namedIn(named)}`}>{files.toHost}</Link>
      )}
      <Button variant="link" isInline onClick={() => onChange(NOTHING_CHOSEN)}>
        {files.forgetAll}
      </Button>
    </div>
  )
}
