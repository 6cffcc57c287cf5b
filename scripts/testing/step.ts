import { spawn } from 'node:child_process'
import { buffer } from 'node:stream/consumers'

export interface StepResult {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
}

/** Runs one command to its end. What it says is shown only when it fails. */
export async function runStep(name: string, script: string, args: string[]): Promise<StepResult> {
  const startMs = performance.now()
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [output, errors, status] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    ended,
  ])
  const seconds = (performance.now() - startMs) / 1000
  const passed = status === 0
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${name}`)
  if (!passed) process.stdout.write(Buffer.concat([output, errors]))
  return { name, passed, seconds }
}
