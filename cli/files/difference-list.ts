import { showName } from '../../core/model/guest-name.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import type { FileComparison__Output } from '../../core/wire/generated/holdfast/v1/FileComparison.ts'
import type { Filled } from '../../core/wire/shape.ts'
import { formatBytes } from '../output/format.ts'
import { renderTable } from '../output/table.ts'
import { entryDocument } from './listing.ts'

type Difference = Filled<FileComparison__Output>['differences'][number]

export interface FileDifferences {
  readonly files: ReturnType<typeof documentOf>[]
  readonly warnings: readonly string[]
}

/** Files that two points do not have alike, in the order in which the walk meets them. */
export async function fileDifferences(
  client: Pick<OperatorClient, 'compareFiles'>,
  from: string,
  to: string,
): Promise<FileDifferences> {
  const files: ReturnType<typeof documentOf>[] = []
  const warnings = new Set<string>()
  for await (const page of client.compareFiles({ from, to })) {
    files.push(...page.differences.map(documentOf))
    for (const warning of page.warnings) warnings.add(warning)
  }
  return { files, warnings: [...warnings] }
}

function documentOf({ change, volume, path, before, after }: Difference) {
  const { name, encoded } = showName(path)
  return {
    ...{ change, path: `${volume}:/${name}`, encoded, volume },
    type: (after ?? before)?.type ?? null,
    before: before ? entryDocument(before) : null,
    after: after ? entryDocument(after) : null,
  }
}

export function differenceTable(files: FileDifferences['files']): string {
  const size = (entry: { sizeBytes: number } | null) => (entry ? formatBytes(entry.sizeBytes) : '-')
  return renderTable(
    files,
    [
      { title: 'CHANGE', value: ({ change }) => change },
      { title: 'BEFORE', value: ({ before }) => size(before), align: 'right' },
      { title: 'AFTER', value: ({ after }) => size(after), align: 'right' },
      { title: 'PATH', value: ({ path }) => path },
    ],
    'no file differs',
  )
}
