import { spawn } from 'node:child_process'
import type { Watch } from './measured.ts'

/** Runs a command to its end and gives its output; its memory is watched meanwhile. */
export function runWatched(
  watch: Watch,
  tool: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const child = spawn(tool, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  if (child.pid !== undefined) watch(child.pid)
  let out = ''
  let err = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => {
      if (status === 0) resolve(out)
      else reject(new Error(`${tool} ${args.join(' ')} ended with ${status}\n${err}${out}`))
    })
  })
}
