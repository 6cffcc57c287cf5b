import path from 'node:path'
import type { Command } from 'commander'
import type { AgentReady } from '../../agent/options.ts'
import { group, type Input, local, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { collect, nth, rateOption } from '../input/operand.ts'
import { sayReady, untilStopped } from '../long-running.ts'
import type { Outcome } from '../outcome.ts'
import { count, formatBytes } from '../output/format.ts'

export const registerAgent: Register = (program, context) => {
  const agent = group(program, 'agent', 'The agent of this host')
  registerRun(agent, context)
  registerExportReplica(agent, context)
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
  readonly reflink: boolean
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
    .option('--no-reflink', 'never clone images, also where their file system can (XFS, btrfs)')
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

interface ExportOptions {
  readonly data: string
  readonly excludeDisk?: readonly string[]
  readonly rate?: number
}

function registerExportReplica(agent: Command, context: Context): void {
  const description = 'Write a first replica onto a drive, to be carried to the server'
  local<ExportOptions>(agent, 'export-replica <source> <dir>', description, context, exportReplica)
    .requiredOption('--data <dir>', "the agent's own folder, as `agent run` has it")
    .option('--exclude-disk <disk>', 'name of a disk to leave out; may be given again', collect)
    .option('--rate <rate>', 'limit such as 50MiB a second', rateOption)
    .addHelpText('after', EXPORT_HELP)
}

const EXPORT_HELP = `
Run again after it was cut, it goes on where it stopped. What is written is not encrypted.

Example:
  holdfast agent export-replica web.qcow2 /media/drive/web --data /var/lib/holdfast-agent
  holdfast server import-replica /media/drive/web        where the server runs`

async function exportReplica(input: Input<ExportOptions>): Promise<Outcome> {
  const { args, options, context } = input
  const { runExport } = await import('../../agent/export.ts')
  const said = new SaidProgress(context)
  const exported = await runExport({
    dataFolder: path.resolve(options.data),
    source: nth(args, 0),
    folder: path.resolve(nth(args, 1)),
    excludeDisks: options.excludeDisk ?? [],
    bytesPerSecond: options.rate ?? 0,
    logLevel: context.env['HOLDFAST_LOG_LEVEL'] ?? 'info',
    onProgress: (done, total) => said.progress(done, total),
  })
  const { warnings, ...document } = exported
  const { source, folder, sizeBytes, writtenBytes, parts } = exported
  const text = `${source}: ${formatBytes(sizeBytes)} as ${formatBytes(writtenBytes)} in ${count(parts, 'part')}; carry ${folder} to the server, then: holdfast server import-replica ${folder}\n`
  return { document, text, warnings }
}

/** A line each ten per cent. */
class SaidProgress {
  readonly #context: Context
  #told = 0

  constructor(context: Context) {
    this.#context = context
  }

  progress(done: number, total: number): void {
    const tenth = total === 0 ? 10 : Math.floor((done * 10) / total)
    if (tenth <= this.#told) return
    this.#told = tenth
    this.#context.terminal.err(`${formatBytes(done)} of ${formatBytes(total)}\n`)
  }
}
