/*
 * `npm run bench:fleet`: many data sources behind real agents over mutual TLS against one server, with
 * thin disks. How late the schedule is when all are due at once, what a point costs in the catalog, how
 * long lists and expiry take, how much memory is used. Prints tables for docs/performance.md.
 *
 *   npm run bench:fleet -- [--sources 800] [--hosts 8] [--gib 100] [--chunks 8] [--rounds 3] [--minutes 40]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { peakBytes } from './measure/process-tree.ts'
import { median } from './report/summary.ts'
import { Fleet } from './fleet/fleet.ts'
import { databaseBytes, runRound, type FleetRound } from './fleet/round.ts'
import { changeDisk, makeThinDisks } from './fleet/thin-disks.ts'

const { values } = parseArgs({
  options: {
    sources: { type: 'string', default: '800' },
    hosts: { type: 'string', default: '8' },
    gib: { type: 'string', default: '100' },
    chunks: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '40' },
  },
})
const SHAPE = {
  ...{ hosts: Number(values.hosts), disks: Number(values.sources), chunks: Number(values.chunks) },
  sizeBytes: Number(values.gib) * 2 ** 30,
}
const ROUNDS = Number(values.rounds)
const CHANGED = 2
const DAY_MS = 86_400_000
const START = Date.parse('2027-03-01T07:00:00Z')
const DUE = Date.parse('2027-03-01T08:00:00Z')
const MIB = 2 ** 20
/** Rounds of points that were made. */
let done = 0
const end = performance.now() + Number(values.minutes) * 60_000

const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-fleet-'))
try {
  await main()
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const images = path.join(folder, 'images')
  const disks = await makeThinDisks(images, SHAPE)
  const fleet = await Fleet.start(folder, images, SHAPE.hosts, START)
  try {
    await fleet.until('the inventory', left(), async () => {
      const { sources } = await fleet.client.listSources({ unprotected: false })
      return sources.length >= SHAPE.disks ? true : undefined
    })
    await runRounds(fleet, disks)
    await tellLists(fleet)
    await tellExpiry(fleet)
    await tellMemory(fleet)
  } finally {
    await fleet.stop()
  }
}

function left(): number {
  return Math.max(end - performance.now(), 1000)
}

async function runRounds(
  fleet: Fleet,
  disks: Awaited<ReturnType<typeof makeThinDisks>>,
): Promise<void> {
  const create = ['group', 'create', 'fleet', '--match', 'name:*', '--points', '08:00', '--yes']
  const group = [...create, '--timezone', 'UTC', '--retain', '400d']
  tellHead()
  const first = await runRound(fleet, 'first replicas', SHAPE.disks, left(), async () => {
    const { milliseconds } = await fleet.server.holdfast(group)
    console.error(`\`group create\` took ${(milliseconds / 1000).toFixed(1)} s`)
  })
  tellRound(first)
  for (let round = 0; round < ROUNDS && left() > 90_000; round++) {
    for (const disk of disks) await changeDisk(disk, SHAPE, CHANGED)
    const at = DUE + round * DAY_MS
    const name = `points of day ${round + 1}`
    tellRound(await runRound(fleet, name, SHAPE.disks, left(), () => fleet.goTo(at)))
    done = round + 1
  }
}

function tellHead(): void {
  console.log(`${SHAPE.disks} sources of ${values.gib} GiB behind ${SHAPE.hosts} agents\n`)
  console.log(
    '| | jobs | all queued after | all started | all ended | a second | CPU a point: server, agents | catalog each | server peak |',
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |')
}

/** One line as soon as it is known: what comes after it may take long. */
function tellRound(round: FleetRound): void {
  const seconds = [round.queuedSeconds, round.startedSeconds, round.endedSeconds]
  const cells = [
    round.failed === 0 ? `${round.points}` : `${round.points}, ${round.failed} failed`,
    ...seconds.map((value) => `${value.toFixed(1)} s`),
    (round.points / round.endedSeconds).toFixed(1),
    `${cpuEach(round.serverCpuSeconds, round)}, ${cpuEach(round.agentCpuSeconds, round)}`,
    `${(round.databaseBytesEach / 1024).toFixed(1)} KiB`,
    `${(round.serverPeakBytes / MIB).toFixed(0)} MiB`,
  ]
  console.log(`| ${round.name} | ${cells.join(' | ')} |`)
}

function cpuEach(seconds: number, { points }: FleetRound): string {
  return `${((seconds * 1000) / points).toFixed(0)} ms`
}

async function tellLists(fleet: Fleet): Promise<void> {
  const { client } = fleet
  const lists = {
    'point list, first 100': () => client.listPoints({ limit: 100 }),
    'point list of one source': () => client.listPoints({ source: `host-00/vm-0000.raw` }),
    'source list': () => client.listSources({ unprotected: false }),
    'group show': () => client.getGroup({ group: 'fleet' }),
    'job list, first 100': () => client.listJobs({ limit: 100 }),
    status: () => client.getStatus({}),
    'storage status': () => client.getStorage({}),
  }
  console.log('\n| over gRPC, median of 5 | |\n| --- | --- |')
  for (const [name, run] of Object.entries(lists)) {
    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      const started = performance.now()
      await run()
      times.push(performance.now() - started)
    }
    console.log(`| ${name} | ${median(times).toFixed(0)} ms |`)
  }
}

/** All but the last days' points go, in the night after it. */
async function tellExpiry(fleet: Fleet): Promise<void> {
  if (done < 2) return // the last good point of a source never goes
  const { milliseconds } = await fleet.server.holdfast([
    ...['group', 'update', 'fleet', '--retain', '1d', '--yes'],
  ])
  console.log(
    `\n\`group update\` with its plan of what would go: ${(milliseconds / 1000).toFixed(1)} s`,
  )
  const night = DUE + (done - 1) * DAY_MS + 16.6 * 3_600_000
  const before = (await fleet.client.listJobs({ kind: 'expiry', limit: 1 })).jobs[0]?.id
  await fleet.goTo(night)
  const job = await fleet.until('expiry', left(), async () => {
    const { jobs } = await fleet.client.listJobs({ kind: 'expiry', limit: 1 })
    return jobs.find(({ id, finishedAt }) => id !== before && finishedAt !== null)
  })
  const seconds = (Date.parse(job.finishedAt ?? '') - Date.parse(job.startedAt ?? '')) / 1000
  const { points } = await fleet.client.listPoints({ state: 'deleted', limit: 0 })
  const each = points.length > 0 ? (seconds * 1000) / points.length : 0
  console.log(
    `\nexpiry: ${points.length} points in ${seconds.toFixed(1)} s, ${each.toFixed(1)} ms each`,
  )
}

async function tellMemory(fleet: Fleet): Promise<void> {
  const agents = fleet.agents.map(({ pid }) => peakBytes(pid) / MIB)
  const server = peakBytes(fleet.server.server.pid) / MIB
  const database = (await databaseBytes(fleet)) / MIB
  console.log(
    `peak resident: server ${server.toFixed(0)} MiB, an agent ${median(agents).toFixed(0)} MiB; catalog ${database.toFixed(0)} MiB`,
  )
}
