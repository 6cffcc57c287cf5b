import type { Report } from '../api/documents.ts'
import { Figures } from '../shown/figures.tsx'
import { bytes, percent } from '../shown/format.ts'
import { useWords } from '../words/words.tsx'

/** The report in a few figures. */
export function Coverage({ report }: { readonly report: Report }) {
  const { reports: words } = useWords()
  const { sources, failures, recoveries, groups, verification } = report
  const withPoint = sources.filter(({ lastPointAt }) => lastPointAt !== null).length
  const made = sources.reduce((sum, { pointsMade }) => sum + pointsMade, 0)
  const added = groups.reduce((sum, { addedBytes }) => sum + addedBytes, 0)
  const { storedBytes = 0, verifiedBytes = 0 } = verification ?? {}
  const facts: [string, string | number][] = [
    [words.protected, `${withPoint} / ${sources.length}`],
    [words.pointsMade, made],
    [words.failures, failures.length],
    [words.recoveries, recoveries.length],
    [words.added, bytes(added)],
    [words.verified, percent(verifiedBytes, storedBytes)],
    [words.proven, `${verification?.pointsProven ?? 0} / ${verification?.points ?? 0}`],
  ]
  return <Figures facts={facts} />
}
