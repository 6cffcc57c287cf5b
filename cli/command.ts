import { Command, Option } from 'commander'
import type { OperatorClient } from '../core/wire/operator-client.ts'
import { toHoldfastError } from '../core/model/error.ts'
import type { Context } from './context.ts'
import { describeFailure, DONE, exitStatus, FAILED, failureDocument } from './failure.ts'
import type { Outcome } from './outcome.ts'
import { printable } from './output/table.ts'

/** What every command file exports: it hangs its commands below `program`. */
export type Register = (program: Command, context: Context) => void

export interface Input<Options> {
  /** Operands in order; where the last one repeats, all of them. */
  readonly args: readonly string[]
  readonly options: Options & CommonOptions
  readonly context: Context
}

export interface ClientInput<Options> extends Input<Options> {
  readonly client: OperatorClient
}

export interface CommonOptions {
  readonly json?: boolean
  readonly operator?: string
}

/** A command that is only a name for those below it. */
export function group(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description)
}

type Run<Given> = (input: Given) => Promise<Outcome>

/** A command that asks no server. `usage` is its name and operands, as commander reads them. */
export function local<Options = object>(
  parent: Command,
  usage: string,
  description: string,
  context: Context,
  run: Run<Input<Options>>,
): Command {
  return add(parent, usage, description, context, run, false)
}

/** A command that asks the server as an operator. */
export function remote<Options = object>(
  parent: Command,
  usage: string,
  description: string,
  context: Context,
  run: Run<ClientInput<Options>>,
  /** Throws what is wrong with the command line, before anybody is asked anything. */
  check?: (input: Input<Options>) => void,
): Command {
  const connected = async (input: Input<Options>): Promise<Outcome> => {
    check?.(input)
    // Only here: gRPC takes a fifth of a second to load.
    const { connect } = await import('./connect.ts')
    const client = await connect(input.options.operator, context)
    try {
      return await run({ ...input, client })
    } finally {
      client.close()
    }
  }
  return add(parent, usage, description, context, connected, true).addOption(
    new Option('--operator <file>', 'credentials of an operator'),
  )
}

function add<Options>(
  parent: Command,
  usage: string,
  description: string,
  context: Context,
  run: Run<Input<Options>>,
  asOperator: boolean,
): Command {
  const command = parent.command(usage).description(description)
  return command.option('--json', 'print one JSON document').action(async () => {
    // Types of options are those of the parsers that the same file gives to commander.
    const options = command.opts<Options & CommonOptions>()
    const json = options.json ?? false
    try {
      context.end(printOutcome(await run({ args: command.args, options, context }), json, context))
    } catch (error) {
      context.end(printFailure(error, json, context, asOperator))
    }
  })
}

function printOutcome(outcome: Outcome, json: boolean, { terminal }: Context): number {
  const { document, text, failures = [], warnings = [], negative = false } = outcome
  if (json && document !== undefined) terminal.out(`${JSON.stringify(document, null, 2)}\n`)
  else if (!json) terminal.out(text)
  for (const warning of warnings) terminal.err(`warning: ${printable(warning)}\n`)
  for (const failure of failures) terminal.err(describeFailure(failure))
  return failures.length > 0 || negative ? FAILED : DONE
}

/** Also for errors before any command ran: wrong options, an unknown command. */
export function printFailure(
  failure: unknown,
  json: boolean,
  { terminal }: Context,
  asOperator = false,
): number {
  if (json) terminal.out(`${JSON.stringify({ error: failureDocument(failure) }, null, 2)}\n`)
  terminal.err(describeFailure(failure))
  return exitStatus(toHoldfastError(failure).code, asOperator)
}
