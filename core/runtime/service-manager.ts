import { execFile } from 'node:child_process'

/*
 * What systemd is told of a long-running process, where it asked for that: ready, alive, stopping.
 * Node has no datagrams over unix sockets, so its own command says it.
 */

type Env = Readonly<Record<string, string | undefined>>

export interface ServiceManager {
  ready(): void
  stopping(): void
}

const SILENT: ServiceManager = { ready: () => {}, stopping: () => {} }

/** `run` calls a command and is not waited for; the default is the real one. */
export function openServiceManager(env: Env, run: Run = notify): ServiceManager {
  if (!env['NOTIFY_SOCKET']) return SILENT
  let alive: NodeJS.Timeout | undefined
  return {
    ready: () => {
      run(['--ready', `--pid=${process.pid}`])
      const limitMs = watchdogMs(env)
      // Twice within the limit: an event loop that hangs for longer is not alive.
      if (limitMs > 0) alive = setInterval(() => run(['WATCHDOG=1']), limitMs / 2).unref()
    },
    stopping: () => {
      clearInterval(alive)
      run(['--stopping'])
    },
  }
}

type Run = (args: readonly string[]) => void

function notify(args: readonly string[]): void {
  execFile('systemd-notify', args, { timeout: 5_000 }, () => {})
}

function watchdogMs(env: Env): number {
  const isOurs = env['WATCHDOG_PID'] === undefined || env['WATCHDOG_PID'] === String(process.pid)
  const microseconds = Number(env['WATCHDOG_USEC'] ?? 0)
  return isOurs && Number.isFinite(microseconds) ? microseconds / 1_000 : 0
}
