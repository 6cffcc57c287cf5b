import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Account } from './account.ts'
import { processOptions, refused } from './cluster.ts'

export interface PostmasterOptions {
  readonly postgres: string
  readonly data: string
  readonly socket: string
  readonly settings: readonly string[]
  /** What it says before its own log begins. */
  readonly startLog: string
  readonly account: Account
  readonly clock: Clock
}

const POLL_MS = 20
const START_MS = 120_000 // recovery after a crash may replay 1 GB of log
const FAST_MS = 60_000

/** One running PostgreSQL, child of this process. */
export class Postmaster {
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  readonly #clock: Clock

  private constructor(child: ChildProcess, clock: Clock) {
    this.#child = child
    this.#clock = clock
    this.ended = Promise.race([once(child, 'exit'), once(child, 'error')]).then(() => {})
  }

  /** Resolves when it accepts connections. */
  static async start(options: PostmasterOptions): Promise<Postmaster> {
    const { file, args } = options.account.command(options.postgres, [
      '-D',
      options.data,
      ...options.settings,
    ])
    const log = await open(options.startLog, 'w', 0o600)
    try {
      // In a session of its own: a terminal's Ctrl-C is for the server, which then stops this one.
      const child = spawn(file, args, {
        ...processOptions(options.account),
        stdio: ['ignore', log.fd, log.fd],
        detached: true,
        cwd: '/',
      })
      const postmaster = new Postmaster(child, options.clock)
      await postmaster.#ready(options)
      return postmaster
    } finally {
      await log.close()
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  async #ready(options: PostmasterOptions): Promise<void> {
    const deadline = this.#clock.monotonic() + START_MS
    while (!(await saysReady(options.data, this.#child.pid)) || !(await accepts(options.socket))) {
      if (this.#child.pid === undefined || !this.isRunning) {
        const stderr = await readFile(options.startLog, 'utf8')
        throw refused(`the database in ${options.data} did not start`, { stderr }, options.account)
      }
      if (this.#clock.monotonic() >= deadline) {
        await this.stop()
        throw new HoldfastError('database-unreachable', 'the embedded database is not ready yet')
      }
      await this.#clock.sleep(POLL_MS)
    }
  }

  /** Fast: open transactions are rolled back, everything is written; by force when that hangs. */
  async stop(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (!this.isRunning || this.#child.pid === undefined) return
      this.#child.kill(signal)
      const waiting = new AbortController()
      const limit = this.#clock.sleep(FAST_MS, waiting.signal).catch(() => {})
      await Promise.race([this.ended, limit])
      waiting.abort()
    }
    await this.ended
  }
}

/** The eighth line of postmaster.pid, and only if the file is this process's. */
async function saysReady(data: string, pid: number | undefined): Promise<boolean> {
  try {
    const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.once('error', () => resolve(false))
  })
}
