/*
 * `npm run bench:items`: what people do with the files of a point, and a point as a disk, each beside a
 * full restore of the same point in the same round; medians of the rounds' ratios. Prints tables for
 * docs/performance.md.
 *
 *   npm run bench:items -- [--rounds 5] [--mib 1024] [--only million|rates|boot]
 */
import { mkdir, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Installation } from '../scripts/installation/installation.ts'
import { LAUNCHER, LongRunning } from '../scripts/installation/long-running.ts'
import { run } from './data/run.ts'
import { Guestfish } from './items/guestfish.ts'
import { measureBoots } from './items/boot.ts'
import { makeMillion, measureMillion, tellMillion, type MillionSeconds } from './items/million.ts'
import { clientOf, openServed } from './items/operator.ts'
import { createPoint } from './items/point.ts'
import { seconds } from './items/seconds.ts'
import { median } from './report/summary.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    mib: { type: 'string', default: '1024' },
    only: { type: 'string' },
  },
})
const [rounds, mib] = [Number(values.rounds), Number(values.mib)]
const MIB = 2 ** 20
const SOURCE = 'bench/web.raw'
const FILES = 2000

type Seconds = Readonly<Record<string, number>>

const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-items-'))
try {
  await main()
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const holdfast = await Installation.start({ folder, host: 'bench' })
  await holdfast.startAgent()
  const isWanted = (part: string) => values.only === undefined || values.only === part
  try {
    if (isWanted('million')) await millions(holdfast)
    if (isWanted('rates')) await rates(holdfast)
    if (isWanted('boot')) await measureBoots(holdfast, folder, rounds)
  } finally {
    await holdfast.stop()
  }
}

async function millions(holdfast: Installation): Promise<void> {
  const guestfish = await Guestfish.prepare(folder)
  const image = await makeMillion(holdfast, folder)
  const [client, served] = [await clientOf(holdfast), await openServed(holdfast)]
  const asked = { client, served }
  const results: MillionSeconds[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      results.push(await measureMillion(holdfast, asked, { image, folder, round, guestfish }))
      process.stderr.write(`${JSON.stringify(results.at(-1))}\n`)
    }
  } finally {
    client.close()
    served.close()
  }
  tellMillion(results)
  await rm(image)
}

async function rates(holdfast: Installation): Promise<void> {
  const image = path.join(holdfast.images, 'web.raw')
  await makeImage(image)
  const results: Seconds[] = []
  for (let round = 0; round < rounds; round++) {
    // A point of its own each time: what is looked into first is looked into cold.
    await touch(image, round)
    await createPoint(holdfast, SOURCE)
    results.push(await measureRound(holdfast, round))
    process.stderr.write(`${JSON.stringify(results.at(-1))}\n`)
  }
  tell(results)
}

/** Half of what is large compresses to a third, half not at all; and many small files. */
async function makeImage(image: string): Promise<void> {
  const tree = path.join(folder, 'tree')
  await mkdir(path.join(tree, 'many'), { recursive: true })
  const big = await open(path.join(tree, 'big'), 'w')
  for (let at = 0; at < mib; at++) await big.write(at % 2 ? randomBytes(MIB) : text(at))
  await big.close()
  await writeFile(path.join(tree, 'one'), randomBytes(MIB))
  for (let i = 0; i < FILES; i++)
    await writeFile(
      path.join(tree, 'many', `file ${i}`),
      text(i).subarray(0, 200 + ((i * 977) % 40_000)),
    )
  await writeFile(image, '')
  await truncate(image, (mib + 512) * MIB)
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-d', tree, image])
  await rm(tree, { recursive: true })
}

function text(seed: number): Buffer {
  const lines: string[] = []
  for (let bytes = 0, at = 0; bytes < MIB; at++) {
    const line = `${seed} ${at} ${(seed * 7919 + at) ** 2 % 1_000_003} of what people write\n`
    lines.push(line)
    bytes += line.length
  }
  return Buffer.from(lines.join('')).subarray(0, MIB)
}

async function touch(image: string, round: number): Promise<void> {
  const note = path.join(folder, 'note')
  await writeFile(note, `round ${round}`)
  await run('debugfs', ['-w', '-R', `write ${note} note${round}`, image])
}

async function measureRound(holdfast: Installation, round: number): Promise<Seconds> {
  const point = `${SOURCE}@latest`
  const found: Record<string, number> = {}
  const steps: [string, () => Promise<number>][] = [
    ['restore', () => restore(holdfast, point, round)],
    ['export', () => exported(holdfast, point, ['nbdcopy', '--connections=1'], ['null:'])],
    [
      'get big',
      () =>
        command(holdfast, ['files', 'get', point, '/big', '-o', path.join(folder, 'big')], 'big'),
    ],
    [
      'get tar',
      () => toNull(holdfast, ['files', 'get', point, '/', '-o', '-', '--archive', 'tar']),
    ],
    [
      'get zip',
      () => toNull(holdfast, ['files', 'get', point, '/', '-o', '-', '--archive', 'zip']),
    ],
    ['restore files', () => files(holdfast, point, ['/big', '/many'], round)],
    ['restore many', () => files(holdfast, point, ['/many'], round)],
  ]
  // The order changes from round to round.
  for (let at = 0; at < steps.length; at++) {
    const [name, step] = steps[(at + round) % steps.length]!
    found[name] = await step()
  }
  return found
}

async function restore(holdfast: Installation, point: string, round: number): Promise<number> {
  const where = [
    '--to',
    'bench',
    '--path',
    holdfast.restored,
    '--name',
    `r${round}`,
    '--format',
    'raw',
  ]
  const took = await seconds(() => holdfast.holdfast(['restore', point, ...where, '--yes']))
  await rm(path.join(holdfast.restored, `r${round}.raw`))
  return took
}

async function files(
  holdfast: Installation,
  point: string,
  paths: readonly string[],
  round: number,
): Promise<number> {
  const target = path.join(holdfast.restored, `files${round}`)
  const took = await seconds(() =>
    holdfast.holdfast(['files', 'restore', point, ...paths, '--to', `bench:${target}`]),
  )
  await rm(target, { recursive: true })
  return took
}

async function command(holdfast: Installation, args: string[], made: string): Promise<number> {
  const took = await seconds(() => holdfast.holdfast(args))
  await rm(path.join(folder, made))
  return took
}

function toNull(holdfast: Installation, args: readonly string[]): Promise<number> {
  return seconds(
    () =>
      new Promise<void>((resolve, reject) => {
        const env = { ...process.env, HOLDFAST_OPERATOR: holdfast.operatorFile }
        const child = spawn(LAUNCHER, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
        child.once('error', reject)
        child.once('close', (status) =>
          status === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with ${status}`)),
        )
      }),
  )
}

async function exported(
  holdfast: Installation,
  point: string,
  before: readonly string[],
  after: readonly string[],
): Promise<number> {
  const { process: server, ready } = await LongRunning.start<{ disks: { uri: string }[] }>(
    'export',
    ['export', point, '--listen', `unix:${path.join(folder, 'export.sock')}`],
    path.join(folder, 'export.log'),
    { env: { HOLDFAST_OPERATOR: holdfast.operatorFile } },
  )
  try {
    const [tool = '', ...words] = before
    const uri = ready.disks[0]?.uri ?? ''
    return await seconds(() => run(tool, [...words, uri, ...after]))
  } finally {
    await server.stop()
  }
}

function tell(results: readonly Seconds[]): void {
  const of = (name: string) => median(results.map((result) => result[name] ?? 0))
  const rate = (name: string) =>
    median(results.map((result) => (result['restore'] ?? 0) / (result[name] ?? 1)))
  const lines = Object.keys(results[0] ?? {}).map((name) => {
    const text = name.endsWith('many') ? '' : rate(name).toFixed(2)
    return `| ${name} | ${of(name).toFixed(2)} | ${text} |`
  })
  process.stdout.write(
    `\n| | median s | rate, restore = 1 |\n| --- | --- | --- |\n${lines.join('\n')}\n`,
  )
}
