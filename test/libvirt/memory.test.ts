import assert from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import test from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { followVmUndo } from '../../agent/hypervisor/replay-vm-undo.ts'
import { domainAddress } from '../../agent/libvirt/domain-address.ts'
import { SAVE_HEAD_BYTES } from '../../agent/libvirt/save-image.ts'
import type { PointAnswer, RestoreAnswer } from '../support/answers.ts'
import { temporaryFolder } from '../support/images.ts'
import { Scene } from '../support/scene.ts'
import { Tracking } from '../hypervisor/tracking.ts'
import { requireClean } from '../hypervisor/vm-state.ts'
import { lacksLibvirt, startLibvirt } from './daemon.ts'
import { makeDomain } from './domain.ts'
import { doomed } from '../hypervisor/doomed.ts'
import { guestDomain, inDomain, lacksGuestDomains } from './guest-domain.ts'

const MIB = 2 ** 20
const VDA = '/machine/peripheral/virtio-disk0/virtio-backend'
const DATA = ['vda', 'vdb']

test('memory of a VM of libvirt: saved beside libvirt, which manages the VM as before', async (t) => {
  if (lacksLibvirt(t)) return
  const folder = await temporaryFolder(t)
  const daemon = await startLibvirt(t)
  const { uuid } = await makeDomain(daemon, {
    ...{ name: 'db', folder },
    disks: DATA.map((target) => ({ target, format: 'qcow2', sizeBytes: 4 * MIB })),
  })
  await daemon.virsh('start', 'db')
  await daemon.write('db', VDA, 0x11, 0, MIB)
  const vm = {
    qmp: <T>(command: string, args?: Record<string, unknown>) => daemon.qmp<T>('db', command, args),
  }
  const settings = await vm.qmp('query-migrate-parameters')
  const tracking = new Tracking(folder, domainAddress({ uri: daemon.uri, uuid }))
  await tracking.take()
  tracking.memory = true
  const requireAsBefore = async () => {
    assert.equal(await daemon.state('db'), 'running')
    assert.equal((await vm.qmp<{ status: string }>('query-status')).status, 'running')
    assert.deepEqual(await vm.qmp('query-migrate-parameters'), settings)
    await requireClean(vm, folder)
  }

  await t.test('of the moment of its disks, which stay tracked', async () => {
    await daemon.write('db', VDA, 0x12, MIB, 512)
    const { disks } = await tracking.take(() => daemon.write('db', VDA, 0x13, MIB, 512))
    assert.deepEqual(
      disks.map(({ name, reason }) => [name, reason]),
      [...DATA.map((name) => [name, '']), ['memory', 'no-tracker']],
    )
    assert.equal(disks[0]?.bytes[MIB], 0x12, 'as of the instant')
    const stream = disks[2]?.bytes.subarray(SAVE_HEAD_BYTES)
    assert.equal(stream?.subarray(0, 4).toString(), 'QEVM')
    await requireAsBefore()
  })

  await t.test('again on the same connection to libvirt', () =>
    tracking.context.monitors.use(tracking.file, async () => {
      for (let point = 0; point < 2; point++) await tracking.take()
    }),
  )

  await t.test('libvirt suspends, resumes, saves and restores it afterwards', async () => {
    await daemon.virsh('suspend', 'db')
    assert.equal(await daemon.state('db'), 'paused')
    await assert.rejects(tracking.take(), /memory cannot be saved: the VM is paused/)
    await daemon.virsh('resume', 'db')
    const file = path.join(folder, 'saved')
    await daemon.virsh('save', 'db', file)
    assert.equal(await daemon.state('db'), 'shut off')
    await daemon.virsh('restore', file)
    await requireAsBefore()
    await tracking.take()
    await requireAsBefore()
  })

  for (const failpoint of ['vm.while-memory-is-saved', 'vm.while-memory-stands'] as const)
    await t.test(`the agent is killed at ${failpoint}`, async () => {
      await doomed(tracking, folder, failpoint)
      const stands = failpoint === 'vm.while-memory-stands'
      if (stands) assert.equal(await daemon.state('db'), 'paused')
      await tracking.replay()
      await requireAsBefore()
      const { disks } = await tracking.take()
      assert.deepEqual(
        disks.slice(0, 2).map(({ reason }) => reason),
        ['', ''],
      )
    })

  await t.test('libvirt’s daemon is killed while memory is saved, and started anew', async () => {
    const taking = tracking.take().catch(() => undefined) // a point or none, as it happens
    const stream = path.join(folder, 'server-firstone-scratch')
    while (!(await findFile(stream, 'memory.raw'))) await wait(1)
    await daemon.kill('SIGKILL')
    await daemon.run()
    await taking
    await tracking.replay()
    await requireAsBefore()
    await tracking.take()
  })

  await t.test(
    'the agent is killed while the VM stands still, and libvirt’s daemon too',
    async () => {
      await doomed(tracking, folder, 'vm.while-memory-stands')
      await daemon.kill('SIGKILL')
      const endUndo = followVmUndo(tracking.context)
      try {
        await daemon.run()
        assert.equal(await daemon.state('db'), 'paused')
        while ((await daemon.state('db')) !== 'running') await wait(100)
      } finally {
        await endUndo()
      }
      await requireAsBefore()
    },
  )
})

async function findFile(folder: string, name: string): Promise<boolean> {
  const all = await readdir(folder, { recursive: true }).catch(() => [])
  return all.some((one) => path.basename(one) === name)
}

const BOOT = 'cat /run/boot_id'
const COUNTER = 'cat /run/counter'
/** The same line goes to one disk after the other. The writer goes on: who is behind is counted first. */
const LINES = 'wc -l </mnt/vdb/log; wc -l </mnt/vda/log'
const ERRORS = 'dmesg | grep -ciE "ext4.*error|xfs.*(corrupt|error)|I/O error" || true'

test('a guest of libvirt goes on where it was, beside itself and in its place', async (t) => {
  if (lacksGuestDomains(t)) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const daemon = await startLibvirt(t)
  const vm = await guestDomain(daemon, holdfast.folder, ['hf.writer'])
  await holdfast.startAgent('alpha', {}, ['--libvirt', daemon.uri])
  await scene.sources('alpha/web')
  const boot = await inDomain(daemon, vm.uuid, BOOT)
  const before = Number(await inDomain(daemon, vm.uuid, COUNTER))
  const withMemory = ['point', 'create', 'alpha/web', '--memory']
  const { json } = await holdfast.ok<{ point: PointAnswer }[]>(...withMemory)
  const point = json[0]?.point
  assert.ok(point?.hasMemory)
  assert.equal(point.paused, true)
  const { id } = point
  assert.equal(await daemon.state('web'), 'running')
  assert.ok(Number(await inDomain(daemon, vm.uuid, COUNTER)) > before, 'the source went on')

  const folder = path.join(holdfast.path('agent-alpha'), 'restores', 'copy')
  const to = ['--to', 'alpha', '--path', folder, '--name', 'copy']
  for (const more of [
    ['--network', 'user=network:default'],
    ['--cpus', '2'],
  ]) {
    const refused = await holdfast.run<RestoreAnswer>('restore', id, ...to, ...more, '--plan')
    assert.equal(refused.json.error?.code, 'host-lacks')
    assert.match(refused.json.error.hint ?? '', /--discard-memory/)
  }
  const cut = ['--network', 'user=none', '--start', '--yes']
  const copied = await holdfast.ok<RestoreAnswer>('restore', id, ...to, ...cut)
  const { changes, files } = copied.json
  assert.ok(changes.includes('copy goes on where it was'), changes.join('\n'))
  assert.ok(!files.some((file) => file.includes('memory')), files.join())
  await assert.rejects(stat(path.join(folder, 'copy-memory.raw')))
  assert.deepEqual([await daemon.state('web'), await daemon.state('copy')], ['running', 'running'])
  const uuid = await daemon.virsh('domuuid', 'copy')
  assert.notEqual(uuid, vm.uuid)
  assert.equal(await inDomain(daemon, uuid, BOOT), boot, 'it was not booted')
  assert.ok(Number(await inDomain(daemon, uuid, COUNTER)) >= before, 'it counts on')
  const [second = 0, first = 0] = (await inDomain(daemon, uuid, LINES)).split('\n').map(Number)
  assert.ok(second > 0 && first >= second, `${first} ${second}`)
  assert.equal((await inDomain(daemon, uuid, ERRORS)).trim(), '0')

  await inDomain(daemon, vm.uuid, 'rm /mnt/vda/photos/0.jpg; sync')
  const original = ['--original', '--no-safety-point', '--yes']
  const back = await holdfast.ok<RestoreAnswer>('restore', id, ...original)
  assert.ok(back.json.changes.includes('web goes on where it was'), back.json.changes.join('\n'))
  assert.equal(await inDomain(daemon, vm.uuid, BOOT), boot)
  assert.match(await inDomain(daemon, vm.uuid, 'ls /mnt/vda/photos'), /0\.jpg/)

  await t.test('not started, its memory waits as a file that libvirt itself restores', async () => {
    const name = ['--to', 'alpha', '--path', `${folder}2`, '--name', 'later', '--no-start', '--yes']
    const { json: later } = await holdfast.ok<RestoreAnswer>('restore', id, ...name)
    const file = path.join(`${folder}2`, 'later-memory.raw')
    assert.ok(later.changes.includes(`it is not started: virsh restore ${file}`))
    await daemon.virsh('restore', file)
    const own = await daemon.virsh('domuuid', 'later')
    assert.equal(await inDomain(daemon, own, BOOT), boot)
  })
})
