/*
 * `npm run bench`: Holdfast, restic and qemu-img in turn on the same images, and a table of how
 * they compare. Everything is real: processes, mutual TLS, PostgreSQL with durability on.
 *
 *   npm run bench -- [--pairs 5] [--only initial,restore,convert,link] [--no-link] [--scale 4]
 *
 * HOLDFAST_BENCH_DIR keeps the images (about 18 GB) for the next time; about 30 GB are needed.
 * `--scale 4` makes all of it a quarter as large: the table says so, and limits are for whole size.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem, release } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { dividedBy, FULL_SIZE, openDataSet, type DataSet } from './data/data-set.ts'
import { run } from './data/run.ts'
import { warm } from './data/warm.ts'
import { runWatched } from './measure/command.ts'
import { measure, type Measured } from './measure/measured.ts'
import { toMarkdown, type Report } from './report/markdown.ts'
import { median, summarize } from './report/summary.ts'
import { measureLink, type LinkResult } from './rows/link-row.ts'
import type { Result, Row } from './rows/row.ts'
import { ROWS } from './rows/rows.ts'
import { runRound } from './rows/run-round.ts'
import { resticVersion } from './sides/restic.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    'no-link': { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
  },
})
const pairs = Number(values.pairs)
const scale = Number(values.scale)
const only = values.only.split(',').filter(Boolean)
const kept = process.env['HOLDFAST_BENCH_DIR']
const folder = kept ?? (await mkdtemp(path.join(tmpdir(), 'holdfast-bench-')))
/** Measured beside the rows, as many times. */
const BESIDE = ['convert', 'link']
const resultFolder = path.resolve(import.meta.dirname, 'results')

try {
  process.exitCode = await main()
} finally {
  if (kept === undefined) await rm(folder, { recursive: true, force: true })
}

async function main(): Promise<number> {
  const startedAt = new Date().toISOString()
  const restic = await resticVersion()
  if (restic === undefined) {
    tell('restic is missing and cannot be installed here: as root, apt-get install restic')
    return 1
  }
  const dataFolder = path.join(folder, scale === 1 ? 'data' : `data-${scale}`)
  const data = await openDataSet(dataFolder, dividedBy(FULL_SIZE, scale))
  const results: Result[] = []
  const rows = chosen()
  const converts: Measured[] = []
  for (let round = 0; round < pairs; round++) {
    if (rows.length > 0)
      await runRound(round, withNeeded(rows), data, path.join(folder, 'round'), (result) => {
        results.push(result)
        tell(lineOf(result))
      })
    if (isChosen('convert')) converts.push(await measureConvert(data))
  }
  const report: Report = {
    startedAt,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    versions: [restic, await qemuVersion(), `Node ${process.version}`],
    allocatedBytes: data.allocatedBytes,
    scale,
    summaries: rows.map((row) => summarize(row, results)),
    convert: mediansOf(converts),
    link: await measureLinks(data),
  }
  await save(report, results)
  return report.summaries.some(({ judged }) => judged.some(({ verdict }) => verdict === 'missed'))
    ? 1
    : 0
}

function isChosen(name: string): boolean {
  return only.length === 0 || only.includes(name)
}

function chosen(): Row[] {
  const unknown = only.filter(
    (name) => !BESIDE.includes(name) && !ROWS.some((row) => row.name === name),
  )
  if (unknown.length > 0) throw new Error(`no such row: ${unknown.join(', ')}`)
  return ROWS.filter((row) => isChosen(row.name))
}

/** Rows that the chosen ones build upon are run too. */
function withNeeded(rows: readonly Row[]): Row[] {
  const needed = new Set(rows.flatMap((row) => [row.name, ...row.needs]))
  return ROWS.filter((row) => needed.has(row.name))
}

/** A plain conversion reads and writes the same bytes, without anything else. Not synced either. */
async function measureConvert({ vm }: DataSet): Promise<Measured> {
  const target = path.join(folder, 'convert.qcow2')
  await run('sync', ['-f', folder])
  await warm([vm])
  try {
    return await measure([], async (watch) => {
      await runWatched(watch, 'qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', vm, target])
    })
  } finally {
    await rm(target, { force: true })
  }
}

function mediansOf(runs: readonly Measured[]): Report['convert'] {
  if (runs.length === 0) return undefined
  return {
    wallSeconds: median(runs.map(({ wallSeconds }) => wallSeconds)),
    cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
  }
}

async function measureLinks({ random }: DataSet): Promise<LinkResult | undefined> {
  if (values['no-link'] || !isChosen('link')) return undefined
  const runs: LinkResult[] = []
  for (let i = 0; i < pairs; i++) {
    const result = await measureLink(random, path.join(folder, 'link'))
    tell(
      `link: up ${result.uploadPerSecond.toFixed(0)}, down ${result.downloadPerSecond.toFixed(0)} MB/s`,
    )
    runs.push(result)
  }
  return {
    uploadPerSecond: median(runs.map(({ uploadPerSecond }) => uploadPerSecond)),
    downloadPerSecond: median(runs.map(({ downloadPerSecond }) => downloadPerSecond)),
  }
}

async function qemuVersion(): Promise<string> {
  return (await run('qemu-img', ['--version'])).split('\n')[0] ?? ''
}

async function save(report: Report, results: readonly Result[]): Promise<void> {
  await mkdir(resultFolder, { recursive: true })
  const name = report.startedAt.replace(/[:.]/g, '-')
  const file = path.join(resultFolder, name)
  await writeFile(`${file}.json`, `${JSON.stringify({ ...report, results }, null, 2)}\n`)
  await writeFile(`${file}.md`, toMarkdown(report))
  process.stdout.write(`${toMarkdown(report)}\n`)
  tell(`written: ${file}.json and .md`)
}

function lineOf({ round, row, ours, theirs }: Result): string {
  const figures = (side: { wallSeconds: number; cpuSeconds: number; storedBytes: number }) =>
    `${side.wallSeconds.toFixed(2)} s, CPU ${side.cpuSeconds.toFixed(2)} s, +${(side.storedBytes / 1e6).toFixed(1)} MB`
  const ratio = (ours.wallSeconds / theirs.wallSeconds).toFixed(3)
  return `${round + 1}/${pairs} ${row}: ${figures(ours)} (${ours.mode ?? '-'}) against ${figures(theirs)}: ${ratio}`
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
