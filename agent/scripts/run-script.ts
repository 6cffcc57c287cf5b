import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, lstat, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'

/** How long a script may take. */
const LIMIT_MS = 10 * 60_000
/** What of its output an error quotes. */
const QUOTED_BYTES = 2000

const HINT =
  'Put it into the folder that the agent was given with --scripts, not writable by others.'

/**
 * Runs one file of the allowed folder, without a shell and without arguments; what it is about is in
 * its environment. Throws 'script-failed' when it is not there, may be changed by others, does not
 * end in time, or ends with anything but 0.
 */
export async function runScript(
  folder: string | undefined,
  name: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const path = await allowedScript(folder, name)
  const { status, output } = await execute(path, env, signal)
  signal.throwIfAborted()
  if (status === 0) return
  throw failed(name, `ended with ${status}${output === '' ? '' : `: ${output}`}`)
}

async function allowedScript(folder: string | undefined, name: string): Promise<string> {
  if (folder === undefined) throw failed(name, 'the agent has no folder of scripts')
  if (!/^\w[\w.-]*$/.test(name)) throw failed(name, 'it is no name of a file')
  const path = join(folder, name)
  try {
    const real = await realpath(path)
    if (dirname(real) !== (await realpath(folder))) throw failed(name, 'it lies in another folder')
    for (const place of [folder, real]) await requireOwn(place, name)
    await access(real, constants.X_OK)
    return real
  } catch (error) {
    if (error instanceof HoldfastError) throw error
    throw failed(name, `it cannot be run: ${(error as Error).message}`)
  }
}

/** Nobody but root and the agent's own user may have written it. */
async function requireOwn(path: string, name: string): Promise<void> {
  const { mode, uid } = await lstat(path)
  const own = uid === 0 || uid === process.getuid?.()
  if (!own || (mode & 0o022) !== 0) throw failed(name, `${path} may be written by others`)
}

interface Ended {
  readonly status: string | number
  readonly output: string
}

function execute(
  path: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(path, [], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      detached: true, // a group of its own: what it started ends with it
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-QUOTED_BYTES)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const kill = () => {
      if (child.pid !== undefined) killGroup(child.pid)
    }
    const timer = setTimeout(kill, LIMIT_MS)
    signal.addEventListener('abort', kill, { once: true })
    const end = (status: string | number) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', kill)
      resolve({ status, output: output.trim() })
    }
    child.on('error', (error) => end(error.message))
    child.on('close', (code, killedBy) => end(code ?? killedBy ?? 'nothing'))
  })
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function failed(name: string, why: string): HoldfastError {
  return new HoldfastError('script-failed', `script ${name}: ${why}`, { hint: HINT })
}
