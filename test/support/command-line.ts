import { runCommandLine } from '../../cli/program.ts'
import type { Terminal } from '../../cli/terminal.ts'
import { systemClock } from '../../core/runtime/clock.ts'
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
  let status = 1
  const { terminal, said } = deafTerminal()
  await runCommandLine(args, {
    env: process.env,
    clock: systemClock,
    terminal,
    end: (ended) => void (status = ended),
  })
  return { status, signal: null, ...said() }
}

/** Nobody is there; what is said is kept. */
function deafTerminal(): {
  terminal: Terminal
  said: () => Pick<Ended, 'stdout' | 'stderr'>
} {
  const out: Uint8Array[] = []
  let stderr = ''
  const terminal: Terminal = {
    out: (text) => void out.push(Buffer.from(text)),
    err: (text) => void (stderr += text),
    bytes: (content) => Promise.resolve(void out.push(Buffer.from(content))),
    canAsk: false,
    isLive: false,
    columns: 80,
    ask: () => Promise.resolve(undefined),
    onInterrupt: () => () => {},
  }
  return { terminal, said: () => ({ stdout: Buffer.concat(out).toString(), stderr }) }
}
