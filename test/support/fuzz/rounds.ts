import { readFile } from 'node:fs/promises'
import { limitedReader } from './limited-reader.ts'
import { mutate, seeded } from './mutate.ts'
import { fetchAll, ours, readAll } from './read-all.ts'
import { bySort } from './structure.ts'
import { FUZZ_KINDS, type FuzzKind, type FuzzTarget } from './target.ts'

export interface Rounds {
  readonly target: FuzzTarget
  readonly seed: string
  readonly from: number
  readonly to: number
}

export interface RoundsResult {
  readonly opened: number
  readonly failures: readonly { readonly round: number; readonly message: string }[]
}

const FETCHED_EVERY = 5
const MOST_FAILURES = 3

/** Each round changes the image, reads all of it, and undoes the change. */
export async function runRounds(
  { target, seed, from, to }: Rounds,
  begin: (round: number) => void,
): Promise<RoundsResult> {
  const image = await readFile(target.image)
  const kind: FuzzKind = FUZZ_KINDS[target.kind]
  const sorts = bySort(kind.structures(image))
  const failures: { round: number; message: string }[] = []
  let opened = 0
  for (let round = from; round < to && failures.length < MOST_FAILURES; round++) {
    begin(round)
    const undo = mutate(image, sorts, seeded(`${seed} ${target.name} ${round}`))
    try {
      opened += (await isOpened(kind, image)) ? 1 : 0
      if (round % FETCHED_EVERY === 0) await fetchAll(limitedReader(image))
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
      failures.push({ round, message })
    } finally {
      undo()
    }
  }
  return { opened, failures }
}

/** The image as it was in a round, to keep it. */
export async function imageOfRound(
  target: FuzzTarget,
  seed: string,
  round: number,
): Promise<Buffer> {
  const image = await readFile(target.image)
  const sorts = bySort(FUZZ_KINDS[target.kind].structures(image))
  mutate(image, sorts, seeded(`${seed} ${target.name} ${round}`))
  return image
}

export async function isOpened(kind: FuzzKind, image: Buffer): Promise<boolean> {
  const system = await ours(() => kind.open(limitedReader(image)))
  if (system) await readAll(system)
  return system !== undefined
}
