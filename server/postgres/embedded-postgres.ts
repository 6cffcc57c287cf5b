import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock, type Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { chooseAccount, giveTo } from './account.ts'
import { findBinaries } from './binaries.ts'
import { prepareCluster, SUPERUSER } from './cluster.ts'
import { lockFolder } from '../../core/runtime/folder-lock.ts'
import { stopLeftovers } from './leftovers.ts'
import { Postmaster } from './postmaster.ts'
import { postgresSettings } from './settings.ts'
import { makeSocketFolder } from './socket-folder.ts'

/**
 * PostgreSQL inside the data folder. `FOLDER/data` is the cluster, `FOLDER/log` what it says,
 * `FOLDER/socket` where it listens, `FOLDER/lock` keeps a second server out.
 *
 *  1. Lock the folder.
 *  2. Stop what a killed server left running: one way to start, with this release's settings.
 *  3. Create the cluster, or check that its version is ours.
 *  4. Start, wait until it accepts, and start it again whenever it ends by itself.
 */
export interface EmbeddedPostgresOptions {
  readonly folder: string
  readonly log: Logger
  readonly clock?: Clock
  /** False for unit tests only: no syncs. */
  readonly durable?: boolean
}

export interface EmbeddedPostgres {
  /** For `openDatabase`. Stays the same while it is restarted. */
  readonly url: string
  readonly version: string
  /** Of the postmaster that runs now. */
  readonly pid: number | undefined
  stop(): Promise<void>
}

const RESTART_MS = 1000

export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { folder, log, clock = systemClock, durable = true } = options
  const binaries = await findBinaries()
  const account = await chooseAccount(binaries.postgres)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(join(folder, 'lock'), clock)
  const data = join(folder, 'data')
  const logFolder = join(folder, 'log')
  try {
    await mkdir(logFolder, { recursive: true, mode: 0o700 })
    if (account.uid !== undefined) await chmod(folder, 0o711) // nobody passes, and sees nothing
    await giveTo(account.owner, logFolder)
    await prepareCluster(data, binaries, account, durable)
    await stopLeftovers(data, clock, log)
    const socket = await makeSocketFolder(join(folder, 'socket'), account.owner)
    const start = () =>
      Postmaster.start({
        postgres: binaries.postgres,
        data,
        socket: socket.socket,
        settings: postgresSettings({ socketFolder: socket.path, logFolder, durable }),
        startLog: join(folder, 'start.log'),
        account,
        clock,
      })
    const supervisor = new Supervisor(await start(), start, () => stopLeftovers(data, clock, log), {
      log,
      clock,
    })
    return {
      url: `postgresql://${SUPERUSER}@localhost/postgres?host=${encodeURIComponent(socket.path)}`,
      version: binaries.version,
      get pid() {
        return supervisor.pid
      },
      async stop() {
        await supervisor.stop()
        await socket.remove()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Starts it again when it ends without having been asked to. */
class Supervisor {
  #current: Postmaster
  readonly #start: () => Promise<Postmaster>
  readonly #cleanUp: () => Promise<void>
  readonly #log: Logger
  readonly #clock: Clock
  readonly #stopping = new AbortController()
  readonly #watching: Promise<void>

  constructor(
    first: Postmaster,
    start: () => Promise<Postmaster>,
    cleanUp: () => Promise<void>,
    { log, clock }: { log: Logger; clock: Clock },
  ) {
    this.#current = first
    this.#start = start
    this.#cleanUp = cleanUp
    this.#log = log
    this.#clock = clock
    this.#watching = this.#watch()
  }

  get pid(): number | undefined {
    return this.#current.pid
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#current.stop()
    await this.#watching
    // A restart may have been under way when it was asked to stop.
    await this.#current.stop()
  }

  async #watch(): Promise<void> {
    for (;;) {
      await this.#current.ended
      if (this.#stopping.signal.aborted) return
      this.#log.error('the embedded database ended by itself and is started again')
      await this.#restart()
    }
  }

  async #restart(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#cleanUp()
        this.#current = await this.#start()
        return
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        this.#log.error('the embedded database does not start', { reason })
        await this.#clock.sleep(RESTART_MS, this.#stopping.signal).catch(() => {})
      }
    }
  }
}
