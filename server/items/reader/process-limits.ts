import { readFileSync } from 'node:fs'

export interface ProcessLimits {
  readonly residentBytes: number
  /** Of one request, apart from what handing out files takes, or walking over them. */
  readonly cpuSeconds: number
}

export const READER_LIMITS: ProcessLimits = { residentBytes: 512 * 1024 * 1024, cpuSeconds: 30 }

const LOOK_MS = 200
/** Clock ticks a second in /proc, on every Linux. */
const TICKS = 100
const PAGE_BYTES = 4096
/** Content that is handed out takes CPU as well: at least so many bytes a second. */
const BYTES_PER_SECOND = 40 * 1024 * 1024

export interface ProcessWatch {
  /** So much was handed out. */
  earn(bytes: number): void
  stop(): void
}

/** Looks from outside: a process that is busy cannot look after itself. Says once what is too much. */
export function watchProcess(
  pid: number,
  { residentBytes, cpuSeconds }: ProcessLimits,
  exceeded: (reason: string) => void,
): ProcessWatch {
  const before = usageOf(pid)?.cpuSeconds ?? 0
  let allowed = cpuSeconds
  const look = () => {
    const usage = usageOf(pid)
    if (!usage) return
    if (usage.residentBytes > residentBytes)
      stop(`it needed more than ${residentBytes / 2 ** 20} MiB of memory`)
    else if (usage.cpuSeconds - before > allowed)
      stop(`it needed more than ${cpuSeconds} seconds of CPU time`)
  }
  const timer = setInterval(look, LOOK_MS)
  const stop = (reason: string) => {
    clearInterval(timer)
    exceeded(reason)
  }
  return {
    earn: (bytes) => void (allowed += bytes / BYTES_PER_SECOND),
    stop: () => clearInterval(timer),
  }
}

function usageOf(pid: number): { cpuSeconds: number; residentBytes: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program comes second, in parentheses, and may have spaces.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user, system, resident] = [fields[11] ?? 0, fields[12] ?? 0, fields[21] ?? 0]
    return { cpuSeconds: (user + system) / TICKS, residentBytes: resident * PAGE_BYTES }
  } catch {
    return undefined // it has ended, which is heard of elsewhere
  }
}
