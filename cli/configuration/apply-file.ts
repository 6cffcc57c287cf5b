import { readFile } from 'node:fs/promises'
import { text as textOfStream } from 'node:stream/consumers'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import type { ClientInput } from '../command.ts'
import { confirm } from '../input/confirm.ts'
import { count } from '../output/format.ts'
import type { Outcome } from '../outcome.ts'
import { type Configuration, parseConfiguration } from './configuration.ts'
import { groupSteps, pruneSteps } from './group-steps.ts'
import { hostSteps, sourceSteps } from './setting-steps.ts'
import type { Step } from './step.ts'

export interface ApplyOptions {
  readonly file: string
  readonly prune?: boolean
  readonly plan?: boolean
  readonly yes?: boolean
}

/** Makes the server's configuration that of the file, after its plan was agreed to. */
export async function applyFile(input: ClientInput<ApplyOptions>): Promise<Outcome> {
  const { client, context, options } = input
  const wanted = parseConfiguration(await contentOf(options.file), options.file)
  const steps = await stepsFor(client, wanted, options.prune === true)
  const warnings = steps.flatMap((step) => step.warnings.map((text) => `${step.name}: ${text}`))
  if (steps.length === 0) return shown(steps, false)
  if (options.plan === true) return { ...shown(steps, false), warnings }
  for (const warning of warnings) context.terminal.err(`warning: ${warning}\n`)
  const question = `make ${count(steps.length, 'change')} as ${options.file} says?`
  await confirm(context, question, steps.flatMap(linesOf), options.yes)
  return carryOut(steps)
}

async function contentOf(file: string): Promise<string> {
  if (file === '-') return textOfStream(process.stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new HoldfastError('invalid-argument', `${file} cannot be read`, { cause: error })
  }
}

/** Groups of the file first: what moves between groups has gone before one of them ends. */
async function stepsFor(
  client: OperatorClient,
  wanted: Configuration,
  prune: boolean,
): Promise<Step[]> {
  return [
    ...(await groupSteps(client, wanted)),
    ...(prune ? await pruneSteps(client, wanted) : []),
    ...(await sourceSteps(client, wanted)),
    ...(await hostSteps(client, wanted)),
  ]
}

/** One that fails does not keep the others from being done: the same file, applied again, does the rest. */
async function carryOut(steps: readonly Step[]): Promise<Outcome> {
  const failures: HoldfastError[] = []
  const warnings: string[] = []
  const done: Step[] = []
  for (const step of steps)
    try {
      warnings.push(...(await step.carryOut()).map((text) => `${step.name}: ${text}`))
      done.push(step)
    } catch (error) {
      const { code, message, hint } = toHoldfastError(error)
      const text = `${step.kind} ${step.name}: ${message}`
      failures.push(new HoldfastError(code, text, { hint, cause: error }))
    }
  return { ...shown(done, true), warnings, failures }
}

function shown(steps: readonly Step[], applied: boolean): Outcome {
  const changes = steps.map(({ kind, name, action, changes: lines }) => ({
    ...{ kind, name, action },
    changes: lines,
  }))
  const text = steps.length === 0 ? 'everything is as the file says\n' : textOf(steps)
  return { document: { applied, changes }, text }
}

function textOf(steps: readonly Step[]): string {
  return steps
    .flatMap(linesOf)
    .map((line) => `${line}\n`)
    .join('')
}

function linesOf({ kind, name, action, changes }: Step): string[] {
  return [`${action} ${kind} ${name}`, ...changes.map((change) => `  ${change}`)]
}
