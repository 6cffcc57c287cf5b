import type { Clock } from '../../core/runtime/clock.ts'
import type { FilePart } from '../../core/wire/generated/holdfast/v1/FilePart.ts'
import { withIdle } from '../../core/wire/idle.ts'
import type { Database } from '../catalog/database.ts'
import { openItemPull } from '../flows/open-item-pull.ts'
import type { ItemReaders } from '../items/reader/item-readers.ts'
import { FileParts } from './file-parts.ts'

export interface PullFilesDeps {
  readonly database: Database
  readonly readers: ItemReaders
  readonly clock: Clock
}

interface PullFilesRequest {
  readonly job: string
  readonly epoch: number
  readonly fromIndex: number
  readonly records: boolean
}

/** Says nothing: a long walk over what the agent has already is no stalled call. */
const IDLE: FilePart = { warnings: { warnings: [] } }

/** Streams what an item recovery is about, from where the agent stands. */
export async function* pullFiles(
  { database, readers, clock }: PullFilesDeps,
  host: string,
  request: PullFilesRequest,
): AsyncIterable<FilePart> {
  const { point, disk, ...named } = await openItemPull(database, host, request)
  const { fromIndex, records } = request
  const wanted = {
    ...{ kind: 'fetch' as const, ...named, fromIndex, records },
    ...(disk ? { disk } : {}),
  }
  const answers = async function* (): AsyncGenerator<FilePart> {
    const parts = new FileParts()
    for await (const answer of readers.ask(point, wanted))
      if ('part' in answer) yield* parts.of(answer.part)
  }
  yield* withIdle(answers(), clock, IDLE)
}
