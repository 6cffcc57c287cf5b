import type { Command } from 'commander'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import { type ClientInput, group, remote, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { confirm } from '../input/confirm.ts'
import {
  addGroupOptions,
  type GroupOptions,
  NEW_SETTINGS,
  withOptions,
} from '../input/group-options.ts'
import { collect, first } from '../input/operand.ts'
import type { Outcome } from '../outcome.ts'
import { groupTable, groupText, planLines } from '../output/group-text.ts'
import type { Group, GroupPlan } from '../reply.ts'

export const registerGroup: Register = (program, context) => {
  const parent = group(program, 'group', 'Protection groups: schedules and retention')
  registerCreate(parent, context)
  registerUpdate(parent, context)
  remote(parent, 'list', 'All protection groups', context, async ({ client }) => {
    const { groups } = await client.listGroups({})
    return { document: groups, text: groupTable(groups) }
  })
  remote(parent, 'show <name>', 'One group with its members', context, async (input) =>
    shown(await input.client.getGroup({ group: first(input.args) })),
  )
  registerAdd(parent, context)
  registerRemove(parent, context)
  registerDelete(parent, context)
}

interface Asking {
  readonly yes?: boolean
  readonly plan?: boolean
}

type CreateOptions = GroupOptions & Asking & { readonly member?: readonly string[] }

function registerCreate(parent: Command, context: Context): void {
  const description = 'Make a protection group: shows what would come of it, and asks'
  const command = remote<CreateOptions>(parent, 'create <name>', description, context, (input) =>
    carryOut(input, {
      ...{ name: first(input.args), create: true },
      settings: withOptions(NEW_SETTINGS, input.options),
      add: [...(input.options.member ?? [])],
    }),
  ).option('--member <source>', 'a data source to protect', collect)
  asking(addGroupOptions(command, context.clock.now())).addHelpText('after', EXAMPLES)
}

const EXAMPLES = `
Examples:
  holdfast group create web --member alpha/web.qcow2 --points "08:00,20:00" --retain 14d
  holdfast group create all --match "host:alpha" --keep daily=7,weekly=4,monthly=12 --yes`

type UpdateOptions = GroupOptions & Asking & { readonly name?: string }

function registerUpdate(parent: Command, context: Context): void {
  const description = 'Change a group: shows what would come of it, and asks'
  const command = remote<UpdateOptions>(
    parent,
    'update <name>',
    description,
    context,
    async (input) => {
      const { client, args, options } = input
      const { settings } = await client.getGroup({ group: first(args) })
      const changed = withOptions(settings ?? NEW_SETTINGS, options)
      const wish = { name: first(args), newName: options.name, settings: changed }
      return carryOut(input, wish)
    },
  ).option('--name <name>', 'a new name')
  asking(addGroupOptions(command, context.clock.now()))
}

function registerAdd(parent: Command, context: Context): void {
  const description = 'Bring data sources into a group'
  asking(
    remote<Asking>(parent, 'add <name> <sources...>', description, context, (input) => {
      const [name = '', ...add] = input.args
      return carryOut(input, { name, add })
    }),
  )
}

interface RemoveOptions extends Asking {
  readonly keepPoints?: boolean
  readonly deletePoints?: boolean
}

function registerRemove(parent: Command, context: Context): void {
  const description = 'Stop the protection of data sources'
  const command = remote<RemoveOptions>(
    parent,
    'remove <name> <sources...>',
    description,
    context,
    (input) => {
      const [name = '', ...remove] = input.args
      return carryOut(input, { name, remove, removedPoints: pointsOf(input.options) })
    },
    ({ options }) => void pointsOf(options),
  )
  asking(pointOptions(command))
}

function pointOptions(command: Command): Command {
  return command
    .option('--keep-points', 'their points stay, and age by the rules of the group')
    .option('--delete-points', 'their points are deleted; 72 hours are left to undo it')
}

function pointsOf({ keepPoints, deletePoints }: RemoveOptions): 'keep' | 'delete' {
  if (keepPoints === deletePoints)
    throw wrongUsage('say what becomes of the points: --keep-points or --delete-points')
  return deletePoints === true ? 'delete' : 'keep'
}

function registerDelete(parent: Command, context: Context): void {
  const description = 'End a group; points of its members are kept unless told otherwise'
  const command = remote<RemoveOptions>(parent, 'delete <name>', description, context, deleted)
  pointOptions(command).option('--yes', 'do not ask')
}

async function deleted(input: ClientInput<RemoveOptions>): Promise<Outcome> {
  const { client, context, args, options } = input
  const points = options.deletePoints === true ? 'delete' : 'keep'
  const name = first(args)
  const { members } = await client.deleteGroup({ group: name, points, preview: true })
  const what = points === 'delete' ? 'ALL POINTS ARE DELETED' : 'points are kept'
  const touched = members.map(({ source, points: count }) => `${source}: ${count} points, ${what}`)
  await confirm(context, `delete protection group ${name}?`, touched, options.yes)
  return shown(await client.deleteGroup({ group: name, points, preview: false }))
}

type Wish = Parameters<OperatorClient['saveGroup']>[0]

/** The plan, the question, the deed; with `--plan` the plan alone. */
async function carryOut(input: ClientInput<Asking>, wish: Wish): Promise<Outcome> {
  const { client, context, options } = input
  const plan = await client.planGroup(wish)
  if (options.plan === true)
    return { document: plan, text: planText(plan), warnings: plan.warnings }
  for (const warning of plan.warnings) context.terminal.err(`warning: ${warning}\n`)
  const question = `${plan.exists ? 'change' : 'create'} protection group ${plan.name}?`
  await confirm(context, question, planLines(plan), options.yes)
  return shown(await client.saveGroup(wish))
}

function planText(plan: GroupPlan): string {
  return planLines(plan)
    .map((line) => `${line}\n`)
    .join('')
}

function asking(command: Command): Command {
  return command.option('--plan', 'only show what would come of it').option('--yes', 'do not ask')
}

function shown(changed: Group): Outcome {
  return { document: changed, text: groupText(changed), warnings: changed.warnings }
}
