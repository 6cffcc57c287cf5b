import type {
  CompareAnswer,
  FileDifference,
} from '../../../core/filesystem/browse/compare-volumes.ts'
import type { FileComparison__Output } from '../../../core/wire/generated/holdfast/v1/FileComparison.ts'
import type { FileDifference__Output } from '../../../core/wire/generated/holdfast/v1/FileDifference.ts'
import type { SearchPart__Output } from '../../../core/wire/generated/holdfast/v1/SearchPart.ts'
import { withIdle } from '../../../core/wire/idle.ts'
import { resolvePoint, resolveSource } from '../../catalog/names.ts'
import { listPoints } from '../../catalog/points.ts'
import { compareFiles } from '../../items/compare-files.ts'
import { searchPoints, type PointSearchAnswer } from '../../items/search-points.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import type { OperatorDeps } from './deps.ts'
import { toFileEntry } from './file-entry.ts'

type HistoryHandlers = Pick<OperatorHandlers, 'searchFiles' | 'compareFiles'>

/** Files over several points: which have it, and what became of it. */
export function fileHistoryHandlers({ database, readers, clock }: OperatorDeps): HistoryHandlers {
  const { deps } = readers
  return {
    searchFiles: async function* ({ source, pattern, ignoreCase, disk }, _caller, signal) {
      const points = await listPoints(database, {
        dataSource: await resolveSource(database, source),
      })
      const search = { pattern, ignoreCase, disk: disk || undefined }
      const answers = searchPoints(deps, points, search, signal)
      const idle: SearchPart__Output = { part: 'warnings', warnings: { warnings: [] } }
      yield* withIdle(mapped(answers, toSearchPart), clock, idle)
    },
    compareFiles: async function* ({ from, to }, _caller, signal) {
      const [older, newer] = [await resolvePoint(database, from), await resolvePoint(database, to)]
      const answers = compareFiles(deps, older, newer, signal)
      const idle: FileComparison__Output = { differences: [], warnings: [], walked: 0 }
      yield* withIdle(mapped(answers, toComparison), clock, idle)
    },
  }
}

async function* mapped<A, B>(items: AsyncIterable<A>, to: (item: A) => B): AsyncGenerator<B> {
  for await (const item of items) yield to(item)
}

function toSearchPart(answer: PointSearchAnswer): SearchPart__Output {
  if ('found' in answer) {
    const { found, number, point, volume } = answer
    const path = Buffer.from(found.path)
    return { part: 'found', found: { number, point, volume, path, entry: toFileEntry(found) } }
  }
  if ('again' in answer)
    return { part: 'again', again: { numbers: [...answer.again], point: answer.point } }
  if ('warnings' in answer)
    return { part: 'warnings', warnings: { warnings: [...answer.warnings] } }
  const { searched: point, walked, reused } = answer
  return { part: 'searched', searched: { point, walked, reused } }
}

function toComparison(answer: CompareAnswer): FileComparison__Output {
  if ('warnings' in answer) return { differences: [], warnings: [...answer.warnings], walked: 0 }
  const { differences, walked } = answer
  return { differences: differences.map(toDifference), warnings: [], walked }
}

function toDifference({ volume, path, before, after }: FileDifference): FileDifference__Output {
  return {
    change: before ? (after ? 'changed' : 'removed') : 'added',
    ...{ volume, path: Buffer.from(path) },
    ...(before ? { before: toFileEntry(before) } : {}),
    ...(after ? { after: toFileEntry(after) } : {}),
  }
}
