import type { GuestAgent } from './guest-agent.ts'
import { readGuestFile, runInGuest } from './guest-files.ts'

/** Whether applications in the guest are told of a freeze, and how that is known. */
export interface FreezeHooks {
  /** A hook stands ready, or Windows' own shadow copies: a freeze that succeeds has run them. */
  readonly run: boolean
  readonly why: string
}

const DEADLINE_MS = 3000
/** Where the guest agent looks when `--fsfreeze-hook` names nothing. */
const USUAL_HOOK = '/etc/qemu/fsfreeze-hook'
/** Distributions' own hook only runs what its owner puts beside it. */
const DISPATCHER_FOLDER = 'fsfreeze-hook.d'

/**
 * Looks before the freeze, because a frozen guest answers nothing else. In doubt they do not run: a
 * point never claims more than is known.
 */
export async function findFreezeHooks(channel: GuestAgent): Promise<FreezeHooks> {
  try {
    if (await isWindows(channel)) return { run: true, why: 'shadow copies of Windows' }
    return await findLinuxHook(channel)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { run: false, why: `it cannot be seen whether freeze hooks run: ${reason}` }
  }
}

async function isWindows(channel: GuestAgent): Promise<boolean> {
  const system = (await channel.call('guest-get-osinfo', {}, DEADLINE_MS)) as { id?: string }
  return system.id === 'mswindows'
}

async function findLinuxHook(channel: GuestAgent): Promise<FreezeHooks> {
  // The process that opens it is the guest agent itself.
  const commandLine = await readGuestFile(channel, '/proc/self/cmdline', DEADLINE_MS)
  const hook = hookOf(commandLine.split('\0').filter(Boolean))
  if (hook === undefined) return { run: false, why: 'the guest agent runs without freeze hooks' }
  const text = await readGuestFile(channel, hook, DEADLINE_MS)
  if (!text.includes(DISPATCHER_FOLDER)) return { run: true, why: hook }
  const folder = `${hook.slice(0, hook.lastIndexOf('/'))}/${DISPATCHER_FOLDER}`
  const listed = await runInGuest(channel, '/bin/ls', [folder], DEADLINE_MS)
  const scripts = listed
    .split('\n')
    .filter((name) => name !== '' && !/\.(sample|rpm\w+|dpkg-\w+)$/.test(name))
  if (scripts.length === 0) return { run: false, why: `${folder} of the guest has no hooks` }
  return { run: true, why: scripts.map((name) => `${folder}/${name}`).join(', ') }
}

/** `-F`, `-F/path`, `--fsfreeze-hook`, `--fsfreeze-hook=/path`, as getopt reads them. */
function hookOf(args: readonly string[]): string | undefined {
  for (const arg of args) {
    const given = /^(?:-F|--fsfreeze-hook(?:=|$))(.*)$/.exec(arg)
    if (given) return given[1] || USUAL_HOOK
  }
  return undefined
}
