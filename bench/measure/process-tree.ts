import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Clock ticks per second of /proc's CPU times; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

interface Stat {
  readonly pid: number
  readonly parent: number
  /** Own, and of children that ended and were waited for. */
  readonly cpuTicks: number
}

/** CPU seconds of a process and all that it started, living or ended. */
export function cpuSecondsOfTree(root: number): number {
  return treeOf(root).reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / TICKS_PER_SECOND
}

/** Peak resident bytes of one process, all its threads, since `resetPeak`. */
export function peakBytes(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1')
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // It ended meanwhile, or is another user's: then its peak counts from its start.
  }
}

/** CPU seconds of the children of this process that have ended. */
export function cpuSecondsOfEnded(): number {
  const fields = fieldsOf('self')
  return fields ? (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND : 0
}

function treeOf(root: number): Stat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf)
  const tree = new Set([root])
  for (let before = 0; before < tree.size;) {
    before = tree.size
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid)
  }
  return all.filter(({ pid }) => tree.has(pid))
}

function statOf(name: string): Stat[] {
  const fields = fieldsOf(name)
  if (!fields) return []
  const cpuTicks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0)
  return [{ pid: Number(name), parent: Number(fields[1]), cpuTicks }]
}

/** Fields of /proc/PID/stat from the state on: the name before may hold spaces and brackets. */
function fieldsOf(name: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
