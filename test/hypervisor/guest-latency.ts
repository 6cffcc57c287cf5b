/*
 * What a guest feels while a point is taken. A steady writer at an export of qemu-storage-daemon, at first
 * alone, then while the disks are frozen and read at full speed; and how long a real QEMU of
 * eight disks is stopped for the instant.
 *
 *   node test/hypervisor/guest-latency.ts [FOLDER]
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { QmpClient } from '../../agent/hypervisor/qmp-client.ts'
import { BareMachine } from '../support/bare-machine.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'
import { Tracking } from './tracking.ts'

const GIB = 2 ** 30
const WRITES_PER_SECOND = 500

const root = process.argv[2] ?? tmpdir()
const folder = await mkdtemp(path.join(root, 'holdfast-latency-'))
const ends: (() => Promise<unknown>)[] = []
try {
  await latency()
  await instant()
} finally {
  for (const end of ends) await end()
  await rm(folder, { recursive: true, force: true })
}

async function latency(): Promise<void> {
  const vm = new StorageDaemon(folder, 'web', [
    { name: 'vda', format: 'qcow2', sizeBytes: 2 * GIB },
  ])
  await vm.create()
  ends.push(() => vm.kill())
  await vm.run()
  const guest = await vm.guest('vda')
  const filled = Buffer.alloc(2 ** 20, 0x5a)
  for (let at = 0; at < GIB; at += filled.length) await guest.write(at, filled)
  await guest.close()
  const tracking = new Tracking(folder, await vm.declare())
  show('alone', await steadyWrites(vm, () => wait(5000)))
  let base = ''
  for (const version of ['v-1', 'v-2', 'v-3']) {
    show(`while ${version} is taken`, await steadyWrites(vm, () => read(tracking, version, base)))
    base = version
  }
}

/** Everything as fast as it comes, as the agent does; nothing is kept. */
async function read(tracking: Tracking, versionUid: string, baseUid: string): Promise<void> {
  const view = await tracking.open()
  const tracked = new Set(view.disks.map(({ name }) => name))
  const plan = { job: versionUid, versionUid, baseUid, tracked: baseUid ? tracked : new Set('') }
  await view.begin?.(plan)
  const piece = Buffer.alloc(2 ** 20)
  for (const { reader } of view.disks)
    for (let at = 0; at < reader.sizeBytes; at += piece.length) await reader.read(at, piece)
  await view.settled()
  await view.committed?.(versionUid)
  await view.close()
}

/** Latencies of writes at a steady pace while `work` runs, milliseconds. */
async function steadyWrites(vm: StorageDaemon, work: () => Promise<unknown>): Promise<number[]> {
  const writer = new Worker(new URL('steady-writer.ts', import.meta.url), {
    workerData: {
      ...{ socket: vm.nbdSocket, disk: 'vda', rangeBytes: GIB },
      perSecond: WRITES_PER_SECOND,
    },
  })
  const answer = once(writer, 'message') as Promise<[number[]]>
  await work()
  writer.postMessage('stop')
  return (await answer)[0]
}

function show(what: string, latencies: number[]): void {
  latencies.sort((a, b) => a - b)
  const at = (share: number) =>
    (latencies[Math.floor((latencies.length - 1) * share)] ?? 0).toFixed(2)
  process.stdout.write(
    `${what}: ${latencies.length} writes, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms\n`,
  )
}

async function instant(): Promise<void> {
  const disks = Array.from({ length: 8 }, (_, at) => ({
    ...{ name: `vd${at}`, format: 'qcow2' as const, sizeBytes: 64 * 2 ** 20 },
  }))
  const vm = new BareMachine(folder, 'eight', disks, '1b0e7c52-6f0c-4b32-9d87-0f4f9b0a1c33')
  await vm.makeImages()
  ends.push(() => vm.kill())
  await vm.start()
  const tracking = new Tracking(folder, await vm.declare(), 'server-eightdisks')
  const lease = await tracking.context.monitors.lease(vm.qmpSocket)
  let stopped = 0
  const stops: number[] = []
  assert.ok(lease.qmp instanceof QmpClient)
  await lease.qmp.onEvent(({ event }) => {
    if (event === 'STOP') stopped = performance.now()
    if (event === 'RESUME') stops.push(performance.now() - stopped)
  })
  for (let n = 0; n < 5; n++) await tracking.take()
  await lease.release()
  process.stdout.write(
    `eight disks of one QEMU: stopped for ${stops.map((ms) => ms.toFixed(1)).join(', ')} ms\n`,
  )
}
