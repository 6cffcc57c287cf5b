import type { Command } from 'commander'
import type { AgentReady } from '../../agent/options.ts'
import { group, type Input, local, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { collect } from '../input/operand.ts'
import { sayReady, untilStopped } from '../long-running.ts'
import type { Outcome } from '../outcome.ts'
import { count } from '../output/format.ts'

export const registerAgent: Register = (program, context) => {
  const agent = group(program, 'agent', 'The agent of this host')
  registerRun(agent, context)
}

interface AgentRunOptions {
  readonly data: string
  readonly name?: string
  readonly joinFile?: string
  readonly images?: readonly string[]
  readonly source?: readonly string[]
  readonly vm?: readonly string[]
  readonly libvirt?: readonly string[]
  readonly restoreRoot?: readonly string[]
  readonly scratch?: string
  readonly scripts?: string
}

function registerRun(agent: Command, context: Context): void {
  const description = 'Run the agent until it is told to stop'
  local<AgentRunOptions>(agent, 'run', description, context, runAgent)
    .requiredOption('--data <dir>', 'its own folder: identity, undo log')
    .option('--name <name>', 'name of this host, when it joins')
    .option('--join-file <file>', 'the join token, when it joins; - is standard input')
    .option(
      '--images <dir>',
      'offer the disk images below this folder; may be given again',
      collect,
    )
    .option(
      '--source <name=path,...>',
      'offer these disks as one data source (FORMAT:path where no extension says it); may be given again',
      collect,
    )
    .option(
      '--vm <file|dir>',
      'offer the VMs that this file, or each .yaml of this folder, declares; may be given again',
      collect,
    )
    .option(
      '--libvirt <uri>',
      'offer the VMs of this libvirt, such as qemu:///system; may be given again',
      collect,
    )
    .option('--restore-root <dir>', 'recoveries may write below; may be given again', collect)
    .option('--scripts <dir>', 'scripts that groups may name, to run before and after a job')
    .option('--scratch <dir>', 'where what VMs overwrite while a point is taken is put aside')
    .addHelpText('after', AGENT_HELP)
}

const AGENT_HELP = `
HOLDFAST_JOIN_TOKEN   the join token, in place of --join-file
Recoveries write below the restore roots, to the data sources' own places and to DATA/restores.

Example:
  holdfast agent run --data /var/lib/holdfast-agent --join-file join.token \\
    --images /var/lib/libvirt/images --source web=/srv/a.raw,/srv/b.raw`

async function runAgent({ options, context }: Input<AgentRunOptions>): Promise<Outcome> {
  const { asTyped, toAgentOptions } = await import('../input/run-options.ts')
  const checked = toAgentOptions(asTyped(options), context.env)
  const agent = await import('../../agent/main.ts')
  return untilStopped<AgentReady>(
    (onReady) => agent.runAgent({ ...checked, onReady }),
    (ready) => sayReady(options.json, ready, agentReadyText(ready), context),
    context,
  )
}

function agentReadyText({ host, server, sources }: AgentReady): string {
  return `ready: host ${host}, server ${server}, ${count(sources, 'data source')} offered\n`
}
