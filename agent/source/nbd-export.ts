import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HoldfastError, type ErrorCode } from '../../core/model/error.ts'
import { NbdClient } from '../../core/nbd/client.ts'
import { BASE_ALLOCATION } from '../../core/nbd/protocol.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { findTool, toolMissing, type SearchPath } from './find-tool.ts'
import type { BlockNode } from './image-layout.ts'

export interface ExportOptions {
  readonly node: BlockNode
  /** What the export is of, for messages. */
  readonly name: string
  readonly isWritable?: boolean
  /** A persistent bitmap of the image to show, as the meta context of `bitmapContext`. */
  readonly bitmap?: string
  readonly searchPath: SearchPath
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
}

/** A running `qemu-nbd` and the connection to it. */
export interface NbdExport {
  readonly client: NbdClient
  /** Ends the connection, and the process; removes its folder. */
  close(): Promise<void>
}

const START_MS = 30_000
const POLL_MS = 5
const END_MS = 5_000
const KEPT_STDERR = 8192
/** Longest path of a unix socket, with its final zero. */
const LONGEST_SOCKET_PATH = 107

/**
 * Serves an image by `qemu-nbd` on a socket in a folder that only this user can enter. It cannot
 * outlive us: without --persistent it ends when its client does, and should we die before we
 * connected, the kernel ends it (PR_SET_PDEATHSIG, by setpriv of util-linux).
 */
export async function startNbdExport(options: ExportOptions): Promise<NbdExport> {
  const { searchPath, name } = options
  const tool = await findTool('qemu-nbd', searchPath)
  if (tool === undefined) throw toolMissing('qemu-nbd', `reading ${name}`)
  const guard = await findTool('setpriv', searchPath)
  const folder = await exportFolder()
  const socket = join(folder, 'socket')
  const command = [tool, ...qemuArguments(options, socket)]
  if (guard !== undefined) command.unshift(guard, '--pdeathsig', 'KILL', '--')
  const server = new ServerProcess(command)
  try {
    const client = await connectTo(server, socket, options)
    return { client, close: () => close(client, server, folder) }
  } catch (error) {
    await server.kill()
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

const FOLDER = /^holdfast-nbd-(\d+)-/

/** A folder for one socket. Those of processes that are no more are removed on the way. */
async function exportFolder(): Promise<string> {
  const own = join(tmpdir(), `holdfast-nbd-${process.pid}-`)
  const isTooLong = `${own}XXXXXX/socket`.length > LONGEST_SOCKET_PATH
  const root = isTooLong ? '/tmp' : tmpdir()
  for (const name of await readdir(root)) {
    const pid = FOLDER.exec(name)?.[1]
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    await rm(join(root, name), { recursive: true, force: true }).catch(() => {}) // another user's
  }
  return mkdtemp(join(root, `holdfast-nbd-${process.pid}-`))
}

export function bitmapContext(bitmap: string): string {
  return `qemu:dirty-bitmap:${bitmap}`
}

function contextsOf({ bitmap }: ExportOptions): string[] {
  return [BASE_ALLOCATION, ...(bitmap === undefined ? [] : [bitmapContext(bitmap)])]
}

function qemuArguments(options: ExportOptions, socket: string): string[] {
  const access = options.isWritable ? [] : ['--read-only']
  if (options.bitmap !== undefined) access.push(`--bitmap=${options.bitmap}`)
  // A json: name says every driver, so that nothing is probed.
  return [...access, '--shared=1', `--socket=${socket}`, `json:${JSON.stringify(options.node)}`]
}

async function connectTo(
  server: ServerProcess,
  socket: string,
  options: ExportOptions,
): Promise<NbdClient> {
  const { clock } = options
  const deadline = clock.monotonic() + START_MS
  while (clock.monotonic() < deadline) {
    options.signal?.throwIfAborted()
    if (server.hasEnded) throw failure(options.name, server.said)
    try {
      return await NbdClient.connect({ path: socket }, { contexts: contextsOf(options) })
    } catch (error) {
      // Not listening yet; anything else it does wrong ends it, or shows at the next attempt.
      if (!(error instanceof HoldfastError) || error.code !== 'tool-failed') throw error
    }
    await clock.sleep(POLL_MS, options.signal)
  }
  throw new HoldfastError('tool-failed', `qemu-nbd did not serve ${options.name} in time`)
}

/** What qemu-nbd says decides what it is: a lock, a right, a missing file; else the image is bad. */
const MEANINGS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /Failed to get .*lock|another process using/i,
    'source-in-use',
    'a virtual machine has it open: stop it, or protect it as a VM instead of as an image',
  ],
  [/Permission denied|Operation not permitted/i, 'source-unreadable', 'the agent needs to read it'],
  [/No such file/i, 'source-missing', 'is the image, or a part of it, being moved?'],
  [/Unknown driver|not supported/i, 'format-unsupported', 'this qemu-nbd cannot read the format'],
]

function failure(name: string, said: string): HoldfastError {
  const text = said.replace(/^qemu-nbd: /gm, '').trim()
  const meaning = MEANINGS.find(([pattern]) => pattern.test(text))
  const code = meaning?.[1] ?? 'source-damaged'
  const hint = meaning?.[2] ?? 'check it with `qemu-img check`'
  return new HoldfastError(code, `${name} cannot be opened: ${text || 'qemu-nbd ended'}`, { hint })
}

async function close(client: NbdClient, server: ServerProcess, folder: string): Promise<void> {
  await client.close()
  await server.end(END_MS)
  await rm(folder, { recursive: true, force: true })
}

/** A child process with the last of what it said, ended by its own pid. */
class ServerProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  said = ''
  hasEnded = false

  constructor(command: readonly string[]) {
    const [program = '', ...args] = command
    this.#child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    })
    this.#child.stderr?.on('data', (part: Buffer) => {
      this.said = (this.said + part.toString()).slice(-KEPT_STDERR)
    })
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.hasEnded = true
        resolve()
      }
      this.#child.once('close', end)
      this.#child.once('error', (error) => {
        this.said += error.message
        end()
      })
    })
  }

  /** Waits for it to end by itself, then no longer. */
  async end(patienceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs)
    await this.#ended
    clearTimeout(timer)
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}
