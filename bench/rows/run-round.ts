import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { offer, type DataSet } from '../data/data-set.ts'
import { run } from '../data/run.ts'
import { warm } from '../data/warm.ts'
import { measure, type Resident } from '../measure/measured.ts'
import { Holdfast } from '../sides/holdfast.ts'
import { Restic } from '../sides/restic.ts'
import type { Noted, Result, Round, Row, Side } from './row.ts'
import { offered } from './rows.ts'

/** Runs the rows on fresh ground, both sides of each in turn; tells each result as it is there. */
export async function runRound(
  number: number,
  rows: readonly Row[],
  data: DataSet,
  folder: string,
  tell: (result: Result) => void,
): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(path.join(folder, 'images'), { recursive: true })
  for (const [file, name] of offered(data)) await offer(file, path.join(folder, 'images'), name)
  const holdfast = await Holdfast.start(folder)
  try {
    await holdfast.installation.startAgent()
    const restic = await Restic.create(path.join(folder, 'restic'))
    const round = { folder, data, holdfast, restic }
    for (const row of rows) tell(await runRow(number, row, round))
  } finally {
    await holdfast.installation.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function runRow(number: number, row: Row, round: Round): Promise<Result> {
  const sides = {
    ours: () =>
      runSide(row, round, 'ours', round.holdfast.residents(), () => round.holdfast.storedBytes()),
    theirs: () => runSide(row, round, 'theirs', [], () => round.restic.storedBytes()),
  }
  // Whoever comes second finds the other's dirty pages: the order changes from round to round.
  const isOursFirst = number % 2 === 0
  const first = isOursFirst ? await sides.ours() : undefined
  const theirs = await sides.theirs()
  const ours = first ?? (await sides.ours())
  await row.prove?.(round)
  return { round: number, row: row.name, ours, theirs }
}

async function runSide(
  row: Row,
  round: Round,
  side: 'ours' | 'theirs',
  residents: readonly Resident[],
  storedBytes: () => Promise<number>,
): Promise<Side> {
  await row.prepare?.(round, side)
  await run('sync', ['-f', round.folder])
  await warm(row.reads(round, side))
  const before = await storedBytes()
  let noted: Noted = {}
  const measured = await measure(residents, async (watch) => {
    noted = await row[side](round, watch)
  })
  return { ...measured, ...noted, storedBytes: (await storedBytes()) - before }
}
