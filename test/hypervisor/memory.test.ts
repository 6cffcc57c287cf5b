import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { BareMachine } from '../support/bare-machine.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { Tracking } from './tracking.ts'
import { requireClean } from './vm-state.ts'

const MIB = 2 ** 20
const GRANULE = 65_536
const UUID = '5c1f0c52-8f0f-4b84-8a3c-2a30a1f0a0d7'

async function machine(t: TestContext) {
  const folder = await temporaryFolder(t)
  const disks = (['qcow2', 'raw'] as const).map((format, at) => ({
    ...{ name: `vd${'ab'[at]}`, format, sizeBytes: 2 * MIB },
  }))
  const vm = new BareMachine(folder, 'db', disks, UUID)
  await vm.makeImages()
  await vm.run(t)
  const tracking = new Tracking(folder, await vm.declare())
  tracking.memory = true
  const settings = () => vm.qmp<Record<string, unknown>>('query-migrate-parameters')
  const status = async () => (await vm.qmp<{ status: string }>('query-status')).status
  return { folder, vm, tracking, settings, status }
}

test('memory is saved with the disks of its moment; nothing of it stays in QEMU', async (t) => {
  if (lacksTool(t, 'qemu-system-x86_64')) return
  const { folder, vm, tracking, settings, status } = await machine(t)
  const before = await settings()
  await vm.write('vda', 0x21, 0, GRANULE)
  await tracking.take()
  await vm.write('vda', 0x22, 3 * GRANULE, 512)
  await vm.write('vdb', 0x23, 5 * GRANULE, 512)
  const line = `qemu-io -d /machine/peripheral/vda/virtio-backend "write -P 36 ${3 * GRANULE} 512"`
  const { disks } = await tracking.take(() =>
    tracking.context.monitors.use(vm.qmpSocket, async (qmp) => {
      await qmp.execute('human-monitor-command', { 'command-line': line })
    }),
  )
  assert.deepEqual(
    disks.map(({ name, changedBytes }) => [name, changedBytes]),
    [
      ['vda', GRANULE],
      ['vdb', GRANULE],
      ['memory', 0],
    ],
  )
  assert.equal(disks[0]?.bytes[3 * GRANULE], 0x22, 'as of the instant')
  const magic = disks[2]?.bytes.subarray(0, 4).toString()
  assert.equal(magic, 'QEVM', 'a migration stream')
  assert.equal(await status(), 'running')
  assert.deepEqual(await settings(), before)
  await requireClean(vm, folder)
})

test('a view says what memory it has, and how long the guest stood still', async (t) => {
  if (lacksTool(t, 'qemu-system-x86_64')) return
  const { vm, tracking, folder } = await machine(t)
  const view = await tracking.open()
  try {
    await tracking.begin(view)
    assert.deepEqual(view.instant, { paused: true, hasMemory: true, warnings: [] })
    await view.settled({ equalPass: false })
    const { memory, companions } = JSON.parse(view.configuration) as {
      memory: { streamBytes: number; pausedMs: number; lastRoundMs: number }
      companions: unknown
    }
    assert.deepEqual(companions, [{ name: 'memory', role: 'memory', path: '' }])
    assert.ok(memory.streamBytes > 0 && memory.pausedMs >= memory.lastRoundMs)
  } finally {
    await view.close()
  }
  await requireClean(vm, folder)
})
