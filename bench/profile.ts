/*
 * Where the CPU time goes: the main rows once, with V8's sampling profiler in server and agent, in
 * their main threads and in their workers. The processes start anew for each row.
 *
 *   node bench/profile.ts IMAGE [CHANGED]      two raw images, such as the bench's vm.raw, vm-changed.raw
 */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Installation } from '../scripts/installation/installation.ts'
import { offer } from './data/data-set.ts'
import { Holdfast } from './sides/holdfast.ts'

const NAME = 'vm.raw'
const SHOWN = 9
const LEAST_SHARE = 0.02
// Fields of /proc/PID/stat, counted from the one behind the name.
const USER_TICKS = 11
const SYSTEM_TICKS = 12
const TICKS_PER_SECOND = 100

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const [image, changed] = process.argv.slice(2)
if (image === undefined) throw new Error('which image?')
const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-profile-'))
const nothing = () => {}
const listen = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`] as const
try {
  await mkdir(path.join(folder, 'images'))
  await offer(image, path.join(folder, 'images'), NAME)
  await row('initial', (holdfast) => holdfast.createPoint(nothing, NAME))
  await row('unchanged', (holdfast) => holdfast.createPoint(nothing, NAME))
  await row('verify', (holdfast) => holdfast.verifyAll(nothing))
  await row('restore', (holdfast) => holdfast.restore(nothing, NAME, 'vm'))
  if (changed !== undefined) {
    await offer(changed, path.join(folder, 'images'), NAME)
    await row('changed', (holdfast) => holdfast.createPoint(nothing, NAME))
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function row(name: string, work: (holdfast: Holdfast) => Promise<unknown>): Promise<void> {
  const profiles = path.join(folder, `profiles-${name}`)
  const env = { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` }
  const installation = await Installation.start({ folder, host: 'bench', env, listen })
  const pids = { server: installation.server.pid, agent: 0 }
  try {
    await installation.startAgent()
    pids.agent = installation.agent.pid
    await work(new Holdfast(installation))
    console.log(`\n## ${name}`)
    for (const [side, pid] of Object.entries(pids)) await tellThreads(side, pid)
  } finally {
    await installation.stop()
  }
  for (const [side, pid] of Object.entries(pids)) await tell(profiles, side, pid)
}

/** CPU seconds by kind of thread since the process began, as the kernel counts them. */
async function tellThreads(side: string, pid: number): Promise<void> {
  const seconds = new Map<string, number>()
  for (const task of await readdir(`/proc/${pid}/task`)) {
    const stat = await readFile(`/proc/${pid}/task/${task}/stat`, 'utf8').catch(() => '')
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? []
    const fields = rest.split(' ')
    const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])
    const kind = Number(task) === pid ? 'main' : name
    seconds.set(kind, (seconds.get(kind) ?? 0) + ticks / TICKS_PER_SECOND)
  }
  const shown = [...seconds].map(([kind, time]) => `${kind} ${time.toFixed(1)}`)
  console.log(`${side}, CPU seconds by thread: ${shown.join(', ')}`)
}

async function tell(profiles: string, side: string, pid: number): Promise<void> {
  const threads = { main: new Map<string, number>(), workers: new Map<string, number>() }
  for (const file of await readdir(profiles)) {
    // CPU.DATE.TIME.PID.THREAD.NUMBER.cpuprofile; thread 0 is the main one
    const [, , , of, thread] = file.split('.')
    if (Number(of) !== pid) continue
    const profile = JSON.parse(await readFile(path.join(profiles, file), 'utf8')) as Profile
    add(profile, thread === '0' ? threads.main : threads.workers)
  }
  for (const [thread, times] of Object.entries(threads)) {
    const total = [...times.values()].reduce((sum, time) => sum + time, 0)
    const most = [...times].sort((a, b) => b[1] - a[1]).slice(0, SHOWN)
    console.log(`${side} ${thread}: ${seconds(total)} s`)
    for (const [what, time] of most)
      if (time > total * LEAST_SHARE) console.log(`  ${seconds(time)}  ${what}`)
  }
}

/** Time by function, without what was called from it; idle time is none. */
function add({ nodes, samples, timeDeltas }: Profile, times: Map<string, number>): void {
  const names = new Map<number, string>()
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((one) => [one, id])),
  )
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const nameOf = (id: number): string => {
    const { functionName = '', url = '' } = frames.get(id) ?? {}
    const own = functionName || '(anonymous)'
    if (url !== '' || own.startsWith('(')) return `${own} ${url.split('/').slice(-2).join('/')}`
    // Native: what of ours, or of Node's, has called it says more.
    const parent = parents.get(id)
    return parent === undefined ? own : `${own} < ${nameOf(parent)}`
  }
  for (const { id } of nodes) names.set(id, nameOf(id))
  for (const [at, id] of samples.entries()) {
    if (frames.get(id)?.functionName === '(idle)') continue
    const what = names.get(id) ?? ''
    times.set(what, (times.get(what) ?? 0) + (timeDeltas[at] ?? 0))
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function seconds(microseconds: number): string {
  return (microseconds / 1e6).toFixed(2)
}
