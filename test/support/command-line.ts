import { systemClock } from '../../core/runtime/clock.ts'
import { runHere } from '../cli/harness.ts'
import { Child, type Ended } from './child.ts'

/** Commands that work by themselves: each gets the process that it has at its users. */
const ALONE = ['server', 'agent', 'export', 'doctor', 'debug']

/**
 * Runs one command to its end. One that asks the server runs in this process, by the code that
 * `bin/holdfast` runs: most of what a short command costs is the start of its process, and tests run
 * thousands, many of them to wait for something.
 */
export async function runCommand(args: readonly string[]): Promise<Ended> {
  if (ALONE.includes(args[0] ?? '')) return new Child(args).end()
  const { status, out, err } = await runHere(args, process.env, systemClock)
  return { status, signal: null, stdout: out, stderr: err }
}
