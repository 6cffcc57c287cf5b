/*
 * `npm run demo:vm`: a small Linux guest, emulated, that writes to two disks all the time. It is
 * protected while it runs, killed together with its disks, restored, booted, and examines itself.
 * `npm run demo:vm -- --keep` leaves all of it running.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { mib, Telling } from './demo/tell.ts'
import { endGuest, guestSays, whole } from './demo/guest.ts'
import { makeGuestDisk } from './guest/guest-disk.ts'
import { guestFiles } from './guest/guest-files.ts'
import { guestCommand, guestDeclaration, guestSockets, GuestVm } from './guest/guest-vm.ts'
import { Installation } from './installation/installation.ts'

interface Point {
  readonly id: string
  readonly consistency: string
  readonly sentBytes: number
  readonly disks: readonly { name: string; transferMode: string }[]
}

const HOST = 'demo'
const SOURCE = `${HOST}/web`
const isKept = process.argv.includes('--keep')
const telling = new Telling()
const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-demo-vm-'))
const vms = path.join(folder, 'vm')
const shape = {
  ...{ name: 'web', uuid: randomUUID(), folder: vms, asks: ['hf.writer'] },
  disks: ['system', 'data'].map((name) => {
    return { name, path: path.join(vms, `${name}.qcow2`), format: 'qcow2' as const }
  }),
}
let holdfast: Installation | undefined

process.stdout.write(`Holdfast demo with a virtual machine, everything below ${folder}\n`)
try {
  await mkdir(vms)
  holdfast = await telling.step('Start a protection server with its own PostgreSQL', () =>
    Installation.start({
      ...{ folder, host: HOST, detached: isKept, agentArguments: ['--vm', vms] },
    }),
  )
  await show(holdfast)
  process.stdout.write('All of it worked.\n')
  if (isKept) keep(holdfast)
} catch (error) {
  process.exitCode = 1
  process.stderr.write(
    `the demo failed: ${error instanceof Error ? error.message : String(error)}\n`,
  )
} finally {
  if (!isKept || process.exitCode === 1) {
    await endGuest(shape.uuid)
    await holdfast?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function show(installation: Installation): Promise<void> {
  const command = await telling.step('Build a guest out of Debian packages, with two disks', build)
  const vm = await telling.step('Boot it, emulated; it writes to both disks from now on', () =>
    boot(command),
  )
  await telling.step('Enrol an agent on the host; the guest itself gets nothing', () =>
    installation.startAgent(),
  )
  await telling.step(`Protect it while it writes: holdfast point create ${SOURCE}`, () =>
    createPoint(installation),
  )
  const last = await telling.step('Again: only the blocks that it has written since are read', () =>
    createPoint(installation),
  )
  await telling.step('Disaster: kill its QEMU, and overwrite both disks', async () => {
    await vm.kill()
    for (const disk of shape.disks) await writeFile(disk.path, Buffer.alloc(1 << 20, 0x55))
    await truncate(guestSockets(shape).console, 0)
  })
  await telling.step(`Restore it: holdfast restore ${last.id} --original --start`, () =>
    restore(installation, last),
  )
  await telling.step(
    'It boots, and looks at each of its files and each line it has written',
    async () => {
      const said = await guestSays(guestSockets(shape).console, /^READY/m)
      for (const line of whole(said, shape.disks.length)) telling.note(line)
    },
  )
  await telling.step('Its history goes on: a point of the restored VM', () =>
    createPoint(installation),
  )
}

async function build(): Promise<string[]> {
  const size = { format: 'qcow2', sizeBytes: 256 << 20, files: 24, fileBytes: 1 << 20 } as const
  for (const disk of shape.disks) await makeGuestDisk(disk.path, size)
  const command = guestCommand(await guestFiles(), shape)
  await writeFile(path.join(vms, 'web.yaml'), guestDeclaration(shape, command))
  return command
}

async function boot(command: readonly string[]): Promise<GuestVm> {
  const vm = GuestVm.start(shape, command)
  const said = await vm.said(/^READY/m)
  telling.note(/^READY.*/m.exec(said)?.[0] ?? '')
  return vm
}

async function createPoint(installation: Installation): Promise<Point> {
  const { document } = await installation.holdfast<{ point: Point }[]>(['point', 'create', SOURCE])
  const point = document[0]?.point
  if (!point) throw new Error('no point was made')
  const modes = point.disks.map(({ name, transferMode }) => `${name} ${transferMode}`).join(', ')
  telling.note(`point ${point.id}: ${modes}`)
  telling.note(`consistency ${point.consistency}, sent ${mib(point.sentBytes)}`)
  return point
}

async function restore(installation: Installation, { id }: Point): Promise<void> {
  // Of what is left there is nothing to keep: no safety point first.
  const how = ['--original', '--start', '--no-safety-point', '--yes']
  const { document } = await installation.holdfast<{ bytesWritten: number; changes: string[] }>([
    ...['restore', id, ...how],
  ])
  telling.note(`wrote ${mib(document.bytesWritten)}; ${document.changes.join('; ')}`)
}

function keep(installation: Installation): void {
  installation.release()
  process.stdout.write(`
It runs on: server ${installation.server.pid}, agent ${installation.agent.pid}. Try:

  export HOLDFAST_OPERATOR=${installation.operatorFile}
  bin/holdfast source show ${SOURCE}
  bin/holdfast point create ${SOURCE} --consistency application --fallback fail
  bin/holdfast restore ${SOURCE}@latest --original --plan
  bin/holdfast restore ${SOURCE}@latest --to ${HOST} --path ${installation.restored}/copy --name copy --network user=none --start

To end it:  kill ${installation.agent.pid} ${installation.server.pid}, end the qemu processes, rm -r ${folder}
`)
}
