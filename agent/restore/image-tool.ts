import { spawn, type ChildProcess } from 'node:child_process'
import { HoldfastError } from '../../core/model/error.ts'

/** The number that a folder's descriptor has inside a tool that was given it. */
const FOLDER_FD = 3
const KEPT_OUTPUT = 4096

/** The path of `file` inside a tool started with `startInFolder`: never looked up by name again. */
export function toolPath(file: string): string {
  return `/proc/self/fd/${FOLDER_FD}/${file}`
}

export interface RunningTool {
  readonly child: ChildProcess
  /** Resolves at a clean end; rejects 'tool-missing' or 'tool-failed' with what the tool said. */
  readonly ended: Promise<void>
}

/** Starts a tool with the folder of descriptor `folder` as its descriptor 3. */
export function startInFolder(
  tool: string,
  args: readonly string[],
  folder: number,
  signal?: AbortSignal,
): RunningTool {
  const child = spawn(tool, args, {
    stdio: ['ignore', 'ignore', 'pipe', folder],
    env: { ...process.env, LC_ALL: 'C' },
    ...(signal ? { signal } : {}),
  })
  return { child, ended: outcome(tool, child) }
}

/** Runs a tool to its end. */
export function runInFolder(
  tool: string,
  args: readonly string[],
  folder: number,
  signal?: AbortSignal,
): Promise<void> {
  return startInFolder(tool, args, folder, signal).ended
}

function outcome(tool: string, child: ChildProcess): Promise<void> {
  let said = ''
  child.stderr?.on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-KEPT_OUTPUT)
  })
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? missing(tool) : failed(tool, error.message))
    })
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve()
      else reject(failed(tool, said.trim() || `ended by ${killedBy ?? `status ${code}`}`))
    })
  })
}

function missing(tool: string): HoldfastError {
  const packages: Record<string, string> = { fallocate: 'util-linux' }
  return new HoldfastError('tool-missing', `${tool} is not installed on this host`, {
    hint: `Install it (Debian: apt-get install ${packages[tool] ?? 'qemu-utils'}), or restore as raw.`,
  })
}

function failed(tool: string, said: string): HoldfastError {
  const isFull = said.includes('No space left')
  return new HoldfastError(isFull ? 'target-full' : 'tool-failed', `${tool}: ${said}`)
}
