import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import test from 'node:test'
import { LibvirtDomains } from '../../agent/hypervisor/libvirt-domains.ts'
import { LibvirtProvider } from '../../agent/hypervisor/libvirt-provider.ts'
import { domainAddress } from '../../agent/libvirt/domain-address.ts'
import { systemClock, type Clock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { Tracking, type Taken } from '../hypervisor/tracking.ts'
import { requireClean } from '../hypervisor/vm-state.ts'
import { temporaryFolder } from '../support/images.ts'
import { makeDomain } from './domain.ts'
import { lacksLibvirt, startLibvirt } from './daemon.ts'
import { doomed } from '../hypervisor/doomed.ts'

const MIB = 2 ** 20
const VDA = '/machine/peripheral/virtio-disk0/virtio-backend'
const VDB = '/machine/peripheral/virtio-disk1/virtio-backend'

/** Tracked, and the increment over the point before is the disk as of the instant. */
function requireTracked({ disks }: Taken): void {
  assert.deepEqual(
    disks.map(({ reason }) => reason),
    ['', ''],
  )
  for (const { bytes, increment } of disks) assert.ok(increment?.equals(bytes))
}

test('what happens to libvirt, to the agent and beside it, and the VM never notices', async (t) => {
  if (lacksLibvirt(t)) return
  const folder = await temporaryFolder(t)
  const daemon = await startLibvirt(t)
  const { uuid } = await makeDomain(daemon, {
    ...{ name: 'db', folder },
    disks: ['vda', 'vdb'].map((target) => ({ target, format: 'qcow2', sizeBytes: 4 * MIB })),
  })
  await daemon.virsh('start', 'db')
  await daemon.write('db', VDA, 0x11, 0, MIB)
  await daemon.write('db', VDB, 0x12, 0, MIB)
  const vm = {
    qmp: <T>(command: string, args?: Record<string, unknown>) => daemon.qmp<T>('db', command, args),
  }
  const tracking = new Tracking(folder, domainAddress({ uri: daemon.uri, uuid }))
  await tracking.take()

  await t.test('checkpoints and bitmaps of others are left alone', async () => {
    const node = await nodeOf(vm, VDA)
    await vm.qmp('block-dirty-bitmap-add', { node, name: 'somebody-elses', persistent: true })
    await daemon.virsh('checkpoint-create-as', 'db', 'nightly')
    await daemon.write('db', VDA, 0x21, MIB, 512)
    requireTracked(await tracking.take())
    assert.equal(await daemon.virsh('checkpoint-list', 'db', '--name'), 'nightly')
    const kept = (await bitmapsOf(vm)).filter((name) => !name.startsWith('hf-')).sort()
    assert.deepEqual(kept, ['nightly', 'nightly', 'somebody-elses'])
  })

  await t.test('a backup of libvirt’s own: ours waits for its end', async () => {
    const file = path.join(folder, 'backup.xml')
    const server = `<server transport='unix' socket='${path.join(folder, 'backup.sock')}'/>`
    await writeFile(file, `<domainbackup mode='pull'>${server}</domainbackup>`)
    await daemon.virsh('backup-begin', 'db', file)
    await assert.rejects(tracking.take(), { code: 'vm-busy' })
    await daemon.virsh('domjobabort', 'db')
    await daemon.write('db', VDA, 0x22, MIB, 512)
    requireTracked(await tracking.take())
  })

  await t.test('its daemon is killed while a point is taken, and started anew', async () => {
    await daemon.write('db', VDB, 0x23, MIB, 512)
    const taken = await tracking.take(async () => {
      await daemon.kill('SIGKILL')
      await daemon.run()
      await daemon.write('db', VDB, 0x24, MIB, 512)
    })
    requireTracked(taken)
    assert.equal(taken.disks[1]?.bytes[MIB], 0x23, 'what was written later is not in it')
    await requireClean(vm, folder)
  })

  for (const failpoint of ['vm.after-bitmaps', 'vm.while-stopped', 'vm.after-export'] as const)
    await t.test(`the agent is killed at ${failpoint}`, async () => {
      await daemon.write('db', VDA, 0x31, 2 * MIB, 512)
      await doomed(tracking, folder, failpoint)
      await tracking.replay()
      await requireClean(vm, folder)
      assert.equal(await daemon.state('db'), 'running')
      await daemon.write('db', VDA, 0x32, 3 * MIB, 512)
      requireTracked(await tracking.take())
    })

  await t.test('what could not be taken out is, before the next point begins', async () => {
    await doomed(tracking, folder, 'vm.after-export')
    requireTracked(await tracking.take())
    await requireClean(vm, folder)
  })

  await t.test('what happens to a VM is told by libvirt, without being looked for', async (s) => {
    const looked = Promise.withResolvers<void>()
    const told = Promise.withResolvers<void>()
    // No look is ever due by time.
    const sleep: Clock['sleep'] = (ms, signal) => {
      if (ms < 1_000) return systemClock.sleep(ms, signal)
      looked.resolve()
      return systemClock.sleep(3_600_000, signal)
    }
    const clock: Clock = { ...systemClock, sleep }
    const domains = new LibvirtDomains(daemon.uri, silentLogger)
    s.after(() => domains.close())
    const provider = new LibvirtProvider(domains, { ...tracking.context, clock })
    s.after(provider.watch(told.resolve))
    await looked.promise
    await daemon.virsh('suspend', 'db')
    await told.promise
    assert.equal((await provider.offers())[0]?.powerState, 'paused')
    await daemon.virsh('resume', 'db')
  })

  await t.test('while the daemon is away its VMs stay listed, with the reason', async () => {
    await tracking.provider.offers()
    await daemon.kill('SIGKILL')
    const [offer] = await tracking.provider.offers()
    assert.equal(offer?.name, 'db')
    assert.ok(offer.disks.every(({ reason }) => reason.startsWith('vm-unreachable')))
    await assert.rejects(tracking.take(), { code: 'vm-unreachable' })
    await daemon.run()
    const [back] = await tracking.provider.offers()
    assert.ok(back?.disks.every(({ protectable }) => protectable))
    requireTracked(await tracking.take())
  })
})

interface Monitored {
  qmp<T>(command: string, args?: Record<string, unknown>): Promise<T>
}

async function nodeOf(vm: Monitored, device: string): Promise<string> {
  const all = await vm.qmp<{ qdev: string; inserted: { 'node-name': string } }[]>('query-block')
  return all.find(({ qdev }) => qdev === device)?.inserted['node-name'] ?? ''
}

async function bitmapsOf(vm: Monitored): Promise<string[]> {
  const all = await vm.qmp<{ 'dirty-bitmaps'?: { name: string }[] }[]>('query-named-block-nodes', {
    flat: true,
  })
  return all.flatMap((node) => (node['dirty-bitmaps'] ?? []).map(({ name }) => name))
}
