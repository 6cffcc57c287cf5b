import { cpuSecondsOfEnded, cpuSecondsOfTree, peakBytes, resetPeak } from './process-tree.ts'

/** A process that runs before and after what is measured. */
export interface Resident {
  readonly name: string
  readonly pid: number
  /** Its CPU time is in that of the resident of this name, of which it is a child. */
  readonly within?: string
}

export interface Measured {
  readonly wallSeconds: number
  /** Of every process that had to do with it: residents with all their children, and commands. */
  readonly cpuSeconds: number
  readonly cpuByName: Readonly<Record<string, number>>
  /** Highest resident memory of each, in bytes. */
  readonly peakBytes: Readonly<Record<string, number>>
}

const POLL_MS = 20

/** A command whose memory is to be watched while it runs. */
export type Watch = (pid: number) => void

/** Runs `work` and says what it took. Commands that it starts must have ended when it resolves. */
export async function measure(
  residents: readonly Resident[],
  work: (watch: Watch) => Promise<void>,
): Promise<Measured> {
  for (const { pid } of residents) resetPeak(pid)
  const before = cpuOf(residents)
  const commands = new Peak()
  const startedAt = performance.now()
  try {
    await work((pid) => commands.watch(pid))
  } finally {
    commands.stop()
  }
  const wallSeconds = (performance.now() - startedAt) / 1000
  const after = cpuOf(residents)
  const cpuByName: Record<string, number> = {}
  for (const name of Object.keys(after)) cpuByName[name] = (after[name] ?? 0) - (before[name] ?? 0)
  const peaks = Object.fromEntries(residents.map(({ name, pid }) => [name, peakBytes(pid)]))
  const cpuSeconds = Object.values(cpuByName).reduce((sum, one) => sum + one, 0)
  return { wallSeconds, cpuSeconds, cpuByName, peakBytes: { ...peaks, command: commands.bytes } }
}

function cpuOf(residents: readonly Resident[]): Record<string, number> {
  const seconds: Record<string, number> = { command: cpuSecondsOfEnded() }
  for (const { name, pid } of residents) seconds[name] = cpuSecondsOfTree(pid)
  for (const { name, within } of residents)
    if (within !== undefined) seconds[within] = (seconds[within] ?? 0) - (seconds[name] ?? 0)
  return seconds
}

class Peak {
  bytes = 0
  readonly #pids = new Set<number>()
  readonly #timer = setInterval(() => this.#look(), POLL_MS)

  watch(pid: number): void {
    this.#pids.add(pid)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    for (const pid of this.#pids) this.bytes = Math.max(this.bytes, peakBytes(pid))
  }
}
