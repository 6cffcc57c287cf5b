import { spawn } from 'node:child_process'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { wordsOf } from '../../core/machine/command-words.ts'
import type { Qmp } from '../hypervisor/qmp.ts'
import { thawGuest } from '../guest/kept-freeze.ts'
import { parseDomainAddress, type DomainAddress } from '../libvirt/domain-address.ts'
import { startDomain } from './domain-control.ts'
import { makeSaveImage, resumeDomain } from './resume-domain.ts'
import type { StopDeps, StoppableVm } from './stop-vm.ts'

export interface StartableVm extends StoppableVm {
  readonly start?: string | readonly string[] | undefined
}

export interface StartOptions {
  /** What the process prints. */
  readonly logFile: string
  /** A saved memory to go on from. */
  readonly memory?: SavedState | undefined
}

export interface SavedState {
  readonly file: string
  readonly isFrozen: boolean
  /** Of a VM of libvirt's: what it is started as this once, and the room for that in the file. */
  readonly domain?: { readonly xml: string; readonly headBytes: number } | undefined
}

const STARTED_MS = 60_000
/** Of many gigabytes from a slow disk. */
const LOADED_MS = 60 * 60 * 1000
const POLL_MS = 100
const LOG_CHARACTERS = 2000

/** Starts it as declared, in a session of its own: it outlives the agent. Resolves when it runs. */
export async function startVm(
  deps: StopDeps,
  vm: StartableVm,
  options: StartOptions,
): Promise<void> {
  const domain = parseDomainAddress(vm.qmp)
  if (domain) return startOrResume(domain, options)
  const ended = await launch(vm, options)
  const begun = deps.clock.monotonic()
  for (;;) {
    const state = await deps.monitors
      .use(vm.qmp, (qmp) => goesOn(qmp, options.memory !== undefined))
      .catch(() => 'unknown' as const)
    if (state === 'running') break
    // A command that hands over to another program ends well, and early.
    const status = ended()
    if (status !== undefined && status !== 0)
      throw await failed(vm, options, `it ended with ${status}`)
    const waited = deps.clock.monotonic() - begun
    if (state === 'unknown' && waited > STARTED_MS)
      throw await failed(vm, options, 'its monitor does not answer')
    if (waited > LOADED_MS) throw await failed(vm, options, 'its memory does not load')
    await deps.clock.sleep(POLL_MS)
  }
  if (options.memory?.isFrozen === true && vm.guestAgent !== undefined)
    await thawGuest(vm.guestAgent)
}

async function startOrResume(address: DomainAddress, { memory }: StartOptions): Promise<void> {
  if (!memory) return startDomain(address)
  const { file, isFrozen, domain } = memory
  if (!domain) throw new RangeError('a memory of libvirt’s comes with its definition')
  await makeSaveImage(domain, file)
  await resumeDomain(address, { ...domain, file, isFrozen })
}

async function launch(
  { name, start }: StartableVm,
  { logFile, memory }: StartOptions,
): Promise<() => number | undefined> {
  if (start === undefined)
    throw new HoldfastError(
      'invalid-argument',
      `the declaration of ${name} does not say how it is started`,
    )
  const [program = '', ...words] = memory ? incoming(start, memory.file) : commandOf(start)
  await mkdir(dirname(logFile), { recursive: true })
  const log = await open(logFile, 'a', 0o600)
  try {
    const child = spawn(program, words, { detached: true, stdio: ['ignore', log.fd, log.fd] })
    let status: number | undefined
    child.once('error', () => (status = 127))
    child.once('exit', (code) => (status = code ?? 128))
    child.unref()
    return () => status
  } finally {
    await log.close()
  }
}

function commandOf(start: string | readonly string[]): readonly string[] {
  return typeof start === 'string' ? ['/bin/sh', '-c', start] : start
}

/** QEMU gives the rest of the option to a shell. */
function incoming(start: string | readonly string[], file: string): readonly string[] {
  const words = wordsOf(start)
  if (words) return [...words, ...incomingWords(file)]
  throw new HoldfastError(
    'host-lacks',
    'the start command is one for a shell: no saved memory can be given to it',
    {
      hint: 'Restore with --discard-memory.',
    },
  )
}

export function incomingWords(file: string): string[] {
  return ['-incoming', `exec:cat '${file.replaceAll("'", `'\\''`)}'`]
}

/** While it loads its memory it is no running VM yet; one that was saved while stopped is let go on. */
async function goesOn(qmp: Qmp, resumes: boolean): Promise<'running' | 'loading'> {
  const { status } = await qmp.execute<{ status: string }>('query-status')
  if (status === 'inmigrate') return 'loading'
  if (resumes && (status === 'paused' || status === 'postmigrate')) await qmp.execute('cont')
  return 'running'
}

async function failed(
  { name }: StartableVm,
  { logFile }: StartOptions,
  why: string,
): Promise<HoldfastError> {
  const text = (await readFile(logFile, 'utf8').catch(() => '')).trim().slice(-LOG_CHARACTERS)
  const said = text === '' ? '' : `: ${text.split('\n').at(-1) ?? ''}`
  return new HoldfastError('hypervisor-failed', `the VM ${name} does not start: ${why}${said}`, {
    hint: `${logFile} has all that it said.`,
  })
}
