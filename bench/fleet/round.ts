import { cpuSecondsOfTree, peakBytes } from '../measure/process-tree.ts'
import type { Fleet } from './fleet.ts'

/** What one time at which all data sources are due cost. Seconds are counted from that time on. */
export interface FleetRound {
  readonly name: string
  readonly points: number
  /** Until the last of them was a job: the scheduler's lag. */
  readonly queuedSeconds: number
  readonly startedSeconds: number
  readonly endedSeconds: number
  readonly failed: number
  readonly databaseBytesEach: number
  /** Of the server with its PostgreSQL, and of all agents. */
  readonly serverCpuSeconds: number
  readonly agentCpuSeconds: number
  /** Resident, since the server's start. */
  readonly serverPeakBytes: number
}

/** `begin` makes `expected` points due; resolves when all have ended. */
export async function runRound(
  fleet: Fleet,
  name: string,
  expected: number,
  limitMs: number,
  begin: () => Promise<void>,
): Promise<FleetRound> {
  const before = await databaseBytes(fleet)
  const cpuBefore = cpuSeconds(fleet)
  const since = new Date()
  await begin()
  const jobs = await fleet.until(name, limitMs, async () => {
    const { jobs } = await fleet.client.listJobs({ since: since.toISOString(), limit: 10_000 })
    const own = jobs.filter(({ kind }) => /point|replication|synchron/.test(kind))
    const ended = own.filter(({ finishedAt }) => finishedAt !== null)
    console.error(`${name}: ${own.length} queued, ${ended.length} of ${expected} ended`)
    return ended.length >= expected ? own : undefined
  })
  const cpu = cpuSeconds(fleet)
  const latest = (times: readonly (string | null)[]) =>
    (Math.max(...times.map((time) => Date.parse(time ?? ''))) - since.getTime()) / 1000
  return {
    ...{ name, points: jobs.length },
    queuedSeconds: latest(jobs.map(({ queuedAt }) => queuedAt)),
    startedSeconds: latest(jobs.map(({ startedAt }) => startedAt)),
    endedSeconds: latest(jobs.map(({ finishedAt }) => finishedAt)),
    failed: jobs.filter(({ state }) => !state.startsWith('completed')).length,
    serverCpuSeconds: cpu.server - cpuBefore.server,
    agentCpuSeconds: cpu.agents - cpuBefore.agents,
    serverPeakBytes: peakBytes(fleet.server.server.pid),
    databaseBytesEach: ((await databaseBytes(fleet)) - before) / expected,
  }
}

export async function databaseBytes({ client }: Fleet): Promise<number> {
  return (await client.getStatus({})).database?.sizeBytes ?? 0
}

function cpuSeconds({ server, agents }: Fleet): { server: number; agents: number } {
  return {
    server: cpuSecondsOfTree(server.server.pid),
    agents: agents.reduce((sum, { pid }) => sum + cpuSecondsOfTree(pid), 0),
  }
}
