import { mkdir, open, rm, truncate, writeFile } from 'node:fs/promises'
import { mkdirSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import type { Installation } from '../../scripts/installation/installation.ts'
import { run } from '../data/run.ts'
import { median } from '../report/summary.ts'
import type { Guestfish } from './guestfish.ts'
import { fetchFile, listFolder, type Served } from './operator.ts'
import { createPoint } from './point.ts'
import { seconds } from './seconds.ts'

const GIB = 2 ** 30
const MIB = 2 ** 20
const FOLDERS = 1000
const FILES = 1000
const IMAGE = 'million.raw'
const SOURCE = `bench/${IMAGE}`
/** Of the folder that is listed, and of the file that is fetched. */
const FOLDER = '/tree/folder 517'
const FILE = '/tree/one'

/** Seconds of one round, by what was done; `ours` beside the same by the others, on the image itself. */
export type MillionSeconds = Readonly<
  Record<
    | 'list cold'
    | 'list warm'
    | 'list decoded'
    | 'fetch'
    | 'guestfish list'
    | 'guestfish fetch'
    | 'debugfs list'
    | 'debugfs fetch',
    number
  >
>

/**
 * A disk of 100 GiB with ext4 and a million files, a tenth of them with content: 1,000 entries are listed and
 * 1 MiB is fetched. Cold is the first request about a point that nobody has looked into, warm the next one, both
 * until the last message is there; decoded is warm as the command line sees it.
 * Root only: the kernel makes the files.
 */
export async function makeMillion(holdfast: Installation, folder: string): Promise<string> {
  const image = path.join(holdfast.images, IMAGE)
  const mountPoint = path.join(folder, 'mounted')
  await mkdir(mountPoint)
  await writeFile(image, '')
  await truncate(image, 100 * GIB)
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', image])
  await run('mount', ['-o', 'loop', image, mountPoint])
  try {
    fill(path.join(mountPoint, 'tree'))
  } finally {
    await run('umount', [mountPoint])
  }
  return image
}

/** Without promises: a million of them cost more than the files. */
function fill(tree: string): void {
  mkdirSync(tree)
  writeFileSync(path.join(tree, 'one'), randomBytes(MIB))
  for (let i = 0; i < FOLDERS; i++) {
    const below = path.join(tree, `folder ${i}`)
    mkdirSync(below)
    for (let j = 0; j < FILES; j++)
      writeFileSync(
        path.join(below, `file ${j}.txt`),
        j % 10 === 0 ? `of ${i} and ${j}\n`.repeat(50) : '',
      )
  }
}

/** A change of its own for each round: a point is cold once. */
export async function touchMillion(image: string, round: number): Promise<void> {
  const file = await open(image, 'r+')
  // In the boot sector, which ext leaves alone.
  await file.write(Buffer.from(`round ${round}`), 0, undefined, 0)
  await file.close()
}

export interface MillionRound {
  readonly image: string
  readonly folder: string
  readonly round: number
  readonly guestfish: Guestfish
}

export async function measureMillion(
  holdfast: Installation,
  { client, served }: { readonly client: OperatorClient; readonly served: Served },
  { image, folder, round, guestfish }: MillionRound,
): Promise<MillionSeconds> {
  await touchMillion(image, round)
  await createPoint(holdfast, SOURCE)
  const point = `${SOURCE}@latest`
  const to = path.join(folder, 'fetched')
  const ours = {
    'list cold': await served.list(point, FOLDER, FILES),
    'list warm': await served.list(point, FOLDER, FILES),
    'list decoded': await seconds(() => listFolder(client, point, FOLDER, FILES)),
    fetch: await seconds(() => fetchFile(client, point, FILE, MIB)),
  }
  const others = {
    'guestfish list': await guestfish.ask(image, ['ls', FOLDER]),
    'guestfish fetch': await guestfish.ask(image, ['download', FILE, to]),
    'debugfs list': await seconds(() => run('debugfs', ['-R', `ls -l "${FOLDER}"`, image])),
    'debugfs fetch': await seconds(() => run('debugfs', ['-R', `dump "${FILE}" ${to}`, image])),
  }
  await rm(to, { force: true })
  return { ...ours, ...others }
}

interface Target {
  readonly figure: keyof MillionSeconds
  readonly against: keyof MillionSeconds | undefined
  /** Seconds, or the ratio to `against`. */
  readonly must: number
}

/** The design's part 10, and what was asked of the item reader. */
const TARGETS: readonly Target[] = [
  { figure: 'list cold', against: undefined, must: 0.15 },
  { figure: 'list warm', against: undefined, must: 0.02 },
  { figure: 'fetch', against: undefined, must: 0.3 },
  { figure: 'list cold', against: 'guestfish list', must: 0.02 },
  { figure: 'fetch', against: 'guestfish fetch', must: 0.02 },
  { figure: 'list decoded', against: 'debugfs list', must: 4 },
  { figure: 'fetch', against: 'debugfs fetch', must: 4 },
]

export function tellMillion(results: readonly MillionSeconds[]): void {
  const lines = TARGETS.map(({ figure, against, must }) => {
    const of = (name: keyof MillionSeconds) => median(results.map((result) => result[name]))
    const value = against
      ? median(results.map((result) => result[figure] / result[against]))
      : of(figure)
    const [other, shown] = against
      ? [`${against}, ${of(against).toFixed(3)} s`, value.toFixed(4)]
      : ['', `${(value * 1000).toFixed(0)} ms`]
    const limit = against ? `${must}` : `${must * 1000} ms`
    return `| ${figure} | ${other} | ${shown} | ≤ ${limit} | ${value <= must ? 'met' : 'missed'} |`
  })
  process.stdout.write(
    `\n| | against | median | must | |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n`,
  )
}
