import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { FAILPOINTS } from '../../core/runtime/failpoint-names.ts'
import { BareMachine } from '../support/bare-machine.ts'
import { guestContent, temporaryFolder } from '../support/images.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'
import { doomed } from './doomed.ts'
import { Tracking } from './tracking.ts'
import { leftovers, requireClean } from './vm-state.ts'

const GRANULE = 65_536
const MIB = 2 ** 20
const UUID = '3f0f9d7e-7a3d-4e6e-9f0a-2a1b6f0c9d11'

async function daemon(t: TestContext) {
  const folder = await temporaryFolder(t)
  const vm = await StorageDaemon.start(t, folder, 'web', [
    { name: 'vda', format: 'qcow2', sizeBytes: 4 * MIB },
    { name: 'vdb', format: 'raw', sizeBytes: 2 * MIB },
  ])
  const tracking = new Tracking(folder, await vm.declare())
  const write = async (disk: string, offset: number, bytes: Buffer) => {
    const guest = await vm.guest(disk)
    await guest.write(offset, bytes)
    await guest.close()
  }
  await write('vda', 0, guestContent('a', 2 * MIB))
  await write('vdb', 0, guestContent('b', MIB))
  await tracking.take()
  return { folder, vm, tracking, write }
}

test('an agent killed at any step: the guest goes on, nothing stays, no write is lost', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { folder, vm, tracking, write } = await daemon(t)
  const steps = FAILPOINTS.filter((name) => name.startsWith('vm.') && !name.startsWith('vm.while-'))
  for (const [at, failpoint] of steps.entries())
    await t.test(failpoint, async () => {
      await write('vda', at * 3 * GRANULE, guestContent(`before ${failpoint}`, 700))
      await doomed(tracking, folder, failpoint)
      await write('vda', (at * 3 + 1) * GRANULE, guestContent(`left ${failpoint}`, 700))
      await tracking.replay()
      await requireClean(vm, folder)
      await write('vdb', at * GRANULE, guestContent(`after ${failpoint}`, 700))
      const { disks } = await tracking.take()
      for (const disk of disks) {
        assert.equal(disk.reason, '', 'it is still tracked')
        assert.ok(disk.increment?.equals(await vm.guestBytes(disk.name)), disk.name)
      }
      await requireClean(vm, folder)
    })
})

for (const [failpoint, waiting] of [
  ['vm.while-stopped', 'paused'],
  ['vm.while-memory-stands', 'postmigrate'],
] as const)
  test(`an agent killed at ${failpoint}: the VM goes on when the agent is back`, async (t) => {
    if (lacksTool(t, 'qemu-system-x86_64')) return
    const folder = await temporaryFolder(t)
    const disks = ['vda', 'vdb'].map((name) => ({
      ...{ name, format: 'qcow2' as const, sizeBytes: 2 * MIB },
    }))
    const vm = new BareMachine(folder, 'db', disks, UUID)
    await vm.makeImages()
    await vm.run(t)
    const tracking = new Tracking(folder, await vm.declare())
    await tracking.take()
    const settings = await vm.qmp('query-migrate-parameters')
    tracking.memory = waiting === 'postmigrate'
    await doomed(tracking, folder, failpoint)
    tracking.memory = false
    const status = async () => (await vm.qmp<{ status: string }>('query-status')).status
    assert.equal(await status(), waiting)
    await tracking.replay()
    assert.equal(await status(), 'running')
    assert.deepEqual(await vm.qmp('query-migrate-parameters'), settings)
    await requireClean(vm, folder)
    await vm.write('vdb', 0x31, GRANULE, 512)
    const { disks: taken } = await tracking.take()
    assert.deepEqual(
      taken.map(({ changedBytes }) => changedBytes),
      [0, GRANULE],
    )
  })

test('a VM that somebody has moved elsewhere while its memory was saved does not go on here', async (t) => {
  if (lacksTool(t, 'qemu-system-x86_64')) return
  const folder = await temporaryFolder(t)
  const disks = [{ name: 'vda', format: 'qcow2' as const, sizeBytes: 2 * MIB }]
  const vm = new BareMachine(folder, 'db', disks, UUID)
  await vm.makeImages()
  await vm.run(t)
  const tracking = new Tracking(folder, await vm.declare())
  tracking.memory = true
  await doomed(tracking, folder, 'vm.while-memory-stands')
  // As libvirt does before each migration of its own.
  await vm.qmp('migrate-set-parameters', { 'max-bandwidth': 2 ** 25 })
  await tracking.replay()
  assert.equal((await vm.qmp<{ status: string }>('query-status')).status, 'postmigrate')
})

test('a VM killed while it is read, and one that is gone when the agent comes back', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { folder, vm, tracking } = await daemon(t)
  await assert.rejects(tracking.take(() => vm.kill('SIGKILL')))
  await tracking.replay()
  await vm.run()
  await requireClean(vm, folder)
  const { disks } = await tracking.take()
  assert.deepEqual(
    disks.map(({ reason }) => reason),
    ['bitmap-absent', 'bitmap-absent'],
  )
  await doomed(tracking, folder, 'vm.after-instant')
  await vm.kill('SIGKILL')
  await tracking.replay()
  await vm.run()
  await requireClean(vm, folder)
})

test('scratch: refused beforehand, and full on the way; the guest never notices', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon') || lacksRoot(t)) return
  const folder = await temporaryFolder(t)
  const vm = await StorageDaemon.start(t, folder, 'web', [
    { name: 'vda', format: 'qcow2', sizeBytes: 160 * MIB },
  ])
  const tracking = new Tracking(folder, await vm.declare())
  const guest = await vm.guest('vda')
  const content = guestContent('old', MIB)
  for (let at = 0; at < 150; at++) await guest.write(at * MIB, content)
  await tracking.take()
  const scratch = join(folder, 'server-firstone-scratch')
  await mkdir(scratch, { recursive: true })
  await mounted(scratch, '20m', async () => {
    await assert.rejects(tracking.take(), { code: 'scratch-full' })
    assert.deepEqual(await leftovers(vm), [])
    await promisify(execFile)('mount', ['-o', 'remount,size=100m', scratch])
    const changed = guestContent('new', MIB)
    const overwrite = async () => {
      for (let at = 0; at < 150; at++) await guest.write(at * MIB, changed)
    }
    await assert.rejects(tracking.take(overwrite), ({ code }: { code: string }) =>
      ['snapshot-broken', 'scratch-full'].includes(code),
    )
    assert.deepEqual(await leftovers(vm), [])
  })
  const { disks } = await tracking.take()
  assert.equal(disks[0]?.changedBytes, 150 * MIB)
  assert.ok(disks[0].increment?.equals(await vm.guestBytes('vda')))
  await guest.close()
})

/** Unmounted before the test's folder is removed. */
async function mounted(folder: string, size: string, work: () => Promise<void>): Promise<void> {
  await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
  try {
    await work()
  } finally {
    await promisify(execFile)('umount', ['-l', folder])
  }
}
