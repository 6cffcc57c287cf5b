import type { PlainPool } from '../chunk/plain-pool.ts'
import type { RestoredDisk } from '../chunk/restore.ts'
import { HoldfastError } from '../model/error.ts'
import { metLater } from '../runtime/met-later.ts'
import type { FilePart__Output } from './generated/holdfast/v1/FilePart.ts'
import type { Filled } from './shape.ts'

type FilePart = Filled<FilePart__Output>

/** Messages that are taken while the records of earlier ones are opened. */
const AHEAD = 4

/** The same parts with data in place of records, each chunk proven by its digest. Throws 'chunk-damaged', ... */
export async function* openedRecords(
  parts: AsyncIterable<FilePart>,
  pool: PlainPool,
): AsyncGenerator<FilePart> {
  const ahead: Promise<readonly FilePart[]>[] = []
  let disk: RestoredDisk | undefined
  for await (const part of parts) {
    if (part.disk) disk = part.disk
    else if (part.records) ahead.push(metLater(open(pool, part.records, disk)))
    else ahead.push(Promise.resolve([part]))
    if (ahead.length > AHEAD) yield* (await ahead.shift()) ?? []
  }
  while (ahead.length > 0) yield* (await ahead.shift()) ?? []
}

async function open(
  pool: PlainPool,
  records: Buffer,
  disk: RestoredDisk | undefined,
): Promise<FilePart[]> {
  if (!disk) throw new HoldfastError('protocol-violation', 'records came before their disk')
  const pieces = await pool.plain(records, disk)
  return pieces.map(({ bytes: data }) => ({ ...NOTHING, part: 'data', data }))
}

const NOTHING = {
  ...{ head: null, data: null, hole: null, failed: null, warnings: null },
  ...{ disk: null, records: null },
}
