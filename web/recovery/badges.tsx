import { Label, LabelGroup } from '@patternfly/react-core'
import type { Point } from '../api/documents.ts'
import { StateLabel } from '../shown/state-label.tsx'
import { useWords } from '../words/words.tsx'

/** What a point is worth, in a few words. */
export function Badges({ point }: { readonly point: Point }) {
  const { badges } = useWords()
  const { consistency, hasMemory, powerState, verifiedAt, provenAt } = point
  const marks = [
    badges.consistency[consistency as keyof typeof badges.consistency] ?? consistency,
    ...(powerState === 'none' || powerState === '' ? [] : [powerState]),
    ...(hasMemory ? [badges.memory] : []),
    ...(point.protected ? [badges.protected] : []),
    ...(verifiedAt === null ? [] : [badges.verified]),
    ...(provenAt === null ? [] : [badges.proven]),
  ]
  return (
    <LabelGroup numLabels={8}>
      {[
        <StateLabel key="state" state={point.state} />,
        ...marks.map((mark) => (
          <Label isCompact variant="outline" key={mark}>
            {mark}
          </Label>
        )),
      ]}
    </LabelGroup>
  )
}
