/*
 * `npm run bench:items`: what people do with the files of a point, and a point as a disk, each beside a
 * full restore of the same point in the same round; medians of the rounds' ratios. Prints tables for
 * docs/performance.md.
 *
 *   npm run bench:items -- [--rounds 5] [--mib 1024] [--no-boot]
 */
import { mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openOperatorClient, type OperatorClient } from '../core/wire/operator-client.ts'
import { Installation } from '../scripts/installation/installation.ts'
import { LAUNCHER, LongRunning } from '../scripts/installation/long-running.ts'
import { run } from './data/run.ts'
import { measureBoots } from './items/boot.ts'
import { median } from './report/summary.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    mib: { type: 'string', default: '1024' },
    'no-boot': { type: 'boolean', default: false },
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
  try {
    const image = path.join(holdfast.images, 'web.raw')
    await makeImage(image)
    await holdfast.startAgent()
    const results: Seconds[] = []
    for (let round = 0; round < rounds; round++) {
      // A point of its own each time: what is looked into first is looked into cold.
      await touch(image, round)
      await holdfast.holdfast(['point', 'create', SOURCE])
      results.push(await measureRound(holdfast, image, round))
      process.stderr.write(`${JSON.stringify(results.at(-1))}\n`)
    }
    tell(results)
    if (!values['no-boot']) await measureBoots(holdfast, folder, rounds)
  } finally {
    await holdfast.stop()
  }
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

async function measureRound(
  holdfast: Installation,
  image: string,
  round: number,
): Promise<Seconds> {
  const point = `${SOURCE}@latest`
  const client = await clientOf(holdfast)
  const found: Record<string, number> = {}
  try {
    found['list cold'] = await seconds(() => list(client, point, '/'))
    found['list warm'] = await seconds(() => list(client, point, '/'))
    found['list 2,000 warm'] = await seconds(() => list(client, point, '/many'))
    found['fetch 1 MiB'] = await seconds(() => fetch(client, point, '/one'))
    found['debugfs ls'] = await seconds(() => run('debugfs', ['-R', 'ls -l /', image]))
    found['debugfs cat 1 MiB'] = await seconds(() =>
      run('debugfs', ['-R', `dump /one ${folder}/one`, image]),
    )
  } finally {
    client.close()
  }
  const steps: [string, () => Promise<number>][] = [
    ['restore', () => restore(holdfast, point, round)],
    ['export', () => exported(holdfast, point, ['nbdcopy'], ['null:'])],
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

async function clientOf(holdfast: Installation): Promise<OperatorClient> {
  const credential = await readFile(holdfast.operatorFile, 'utf8')
  return openOperatorClient(JSON.parse(credential) as Parameters<typeof openOperatorClient>[0])
}

async function list(client: OperatorClient, point: string, at: string): Promise<void> {
  for await (const page of client.listFiles({ point, path: Buffer.from(at) }))
    if (page.entries.length === 0) throw new Error(`${at} is empty`)
}

async function fetch(client: OperatorClient, point: string, at: string): Promise<void> {
  let bytes = 0
  for await (const part of client.getFiles({ point, paths: [Buffer.from(at)] }))
    bytes += part.data?.length ?? 0
  if (bytes !== MIB) throw new Error(`${bytes} bytes came of ${at}`)
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

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

function tell(results: readonly Seconds[]): void {
  const of = (name: string) => median(results.map((result) => result[name] ?? 0))
  const ratio = (name: string, other: string) =>
    median(results.map((result) => (result[other] ?? 0) / (result[name] ?? 1)))
  const lines = Object.keys(results[0] ?? {}).map((name) => {
    const beside = name.startsWith('list')
      ? 'debugfs ls'
      : name === 'fetch 1 MiB'
        ? 'debugfs cat 1 MiB'
        : 'restore'
    const isWhole = !/many|debugfs/.test(name)
    const text = isWhole ? `${ratio(name, beside).toFixed(2)} × ${beside}` : ''
    return `| ${name} | ${of(name).toFixed(3)} | ${text} |`
  })
  process.stdout.write(`\n| | median s | its rate |\n| --- | --- | --- |\n${lines.join('\n')}\n`)
}
