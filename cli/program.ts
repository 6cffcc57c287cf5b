import { Command, CommanderError } from 'commander'
import { printFailure } from './command.ts'
import { registerAgent } from './commands/agent.ts'
import { registerAlert } from './commands/alert.ts'
import { registerApply } from './commands/apply.ts'
import { registerAudit } from './commands/audit.ts'
import { registerCheck } from './commands/check.ts'
import { registerCompletion } from './commands/completion.ts'
import { registerConsole } from './commands/console.ts'
import { registerDebug } from './commands/debug.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerEvent } from './commands/event.ts'
import { registerExport } from './commands/export.ts'
import { registerFiles } from './commands/files.ts'
import { registerGet } from './commands/get.ts'
import { registerGroup } from './commands/group.ts'
import { registerHost } from './commands/host.ts'
import { registerJob } from './commands/job.ts'
import { registerMail } from './commands/mail.ts'
import { registerOperator } from './commands/operator.ts'
import { registerPoint } from './commands/point.ts'
import { registerReport } from './commands/report.ts'
import { registerRestore } from './commands/restore.ts'
import { registerServer } from './commands/server.ts'
import { registerSource } from './commands/source.ts'
import { registerStatus } from './commands/status.ts'
import { registerStorage } from './commands/storage.ts'
import { registerSync } from './commands/sync.ts'
import { registerToken } from './commands/token.ts'
import { registerVerify } from './commands/verify.ts'
import { registerVersion } from './commands/version.ts'
import type { Register } from './command.ts'
import type { Context } from './context.ts'
import { DONE, wrongUsage } from './failure.ts'

/** In the order in which `--help` lists them. A further group of commands is a file and a line here. */
const GROUPS: readonly Register[] = [
  registerServer,
  registerAgent,
  registerVersion,
  registerDoctor,
  registerStatus,
  registerToken,
  registerConsole,
  registerHost,
  registerSource,
  registerGroup,
  registerApply,
  registerGet,
  registerSync,
  registerPoint,
  registerCheck,
  registerVerify,
  registerRestore,
  registerFiles,
  registerExport,
  registerJob,
  registerEvent,
  registerAlert,
  registerMail,
  registerOperator,
  registerAudit,
  registerStorage,
  registerReport,
  registerCompletion,
  registerDebug,
]

export function buildProgram(context: Context): Command {
  const program = new Command('holdfast')
    .description('Protects virtual machines and disk images, and gives them back.')
    .addHelpText('after', CLOSING)
  for (const register of GROUPS) register(program, context)
  harden(program, context)
  return program
}

const CLOSING = `
Exit status: 0 done; 1 failed, in whole or in part; 2 wrong usage, or a confirmation needed;
3 server unreachable or credential refused.
Credentials: --operator FILE, else HOLDFAST_OPERATOR, else ~/.config/holdfast/operator.json.`

/** No exit out of the middle, no output past the terminal, no operand too many. */
function harden(command: Command, context: Context): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.out(text),
      // Printed by runCommandLine, in the form of every other error.
      outputError: () => {},
      writeErr: (text) => context.terminal.err(text),
    })
    .allowExcessArguments(false)
    .helpCommand(false)
  for (const below of command.commands) harden(below, context)
}

/** Runs one command; what it is to end with goes to `context.end`. `args` without program names. */
export async function runCommandLine(args: readonly string[], context: Context): Promise<void> {
  try {
    // What people type first at a command that they do not know.
    const words = args[0] === '--version' ? ['version', ...args.slice(1)] : args
    await buildProgram(context).parseAsync(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') return context.end(DONE)
    context.end(printFailure(usageError(error), args.includes('--json'), context))
  }
}

function usageError({ code, message }: CommanderError): Error {
  // A group without one of its commands: commander has shown its help already.
  if (code === 'commander.help') return wrongUsage('a command is missing')
  return wrongUsage(
    message.replace(/^error: /, '').replaceAll('\n', ' '),
    'add --help for what it takes',
  )
}
