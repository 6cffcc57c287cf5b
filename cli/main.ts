import { systemClock } from '../core/runtime/clock.ts'
import { runCommandLine } from './program.ts'
import { processTerminal } from './terminal.ts'

// Set before anything runs: a command that dies without an answer has not succeeded.
process.exitCode = 1

await runCommandLine(process.argv.slice(2), {
  env: process.env,
  clock: systemClock,
  terminal: processTerminal(),
  end: (status) => void (process.exitCode = status),
})

// What a command printed is on its way to a pipe: leave when it has gone, and not later because of
// a socket that is still open.
process.stdout.write('', () => process.stderr.write('', () => process.exit()))
