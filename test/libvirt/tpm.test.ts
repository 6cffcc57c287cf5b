import assert from 'node:assert/strict'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import test from 'node:test'
import type { PointAnswer, RestoreAnswer } from '../support/answers.ts'
import { lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'
import { lacksLibvirt, startLibvirt } from './daemon.ts'
import { makeDomain } from './domain.ts'
import { readTpm, writeTpm } from './tpm-content.ts'

const MIB = 2 ** 20
const STATE = 'tpm2-00.permall'
const COMPANION = `tpm-${STATE}`

test('the TPM of a VM of libvirt: its state goes into points, and comes back', async (t) => {
  if (lacksLibvirt(t) || lacksTool(t, 'swtpm_setup') || lacksTool(t, 'tpm2_nvread')) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const { folder } = holdfast
  const daemon = await startLibvirt(t)
  const vm = await makeDomain(daemon, {
    ...{ name: 'web', folder },
    disks: [{ target: 'vda', format: 'qcow2', sizeBytes: 4 * MIB }],
    devices: `<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>`,
  })
  const stateOf = (uuid: string) => path.join(daemon.tpms, uuid, 'tpm2')
  const own = stateOf(vm.uuid)
  await holdfast.startAgent('alpha', {}, ['--libvirt', `${daemon.uri}&swtpm=${daemon.tpms}`])
  const [source] = await scene.sources('alpha/web')
  const made = source?.disks.find(({ name }) => name === 'tpm')
  assert.match(made?.reason ?? '', /^not-found/)

  await daemon.virsh('start', 'web')
  await daemon.virsh('destroy', 'web')
  await writeTpm(own, 'of the first point')
  const first = await readFile(path.join(own, STATE))
  const off = await scene.point('alpha/web')
  assert.deepEqual(
    [off.consistency, off.disks.map(({ name }) => name)],
    ['cold', ['vda', COMPANION]],
  )

  await daemon.virsh('start', 'web')
  const running = await scene.point('alpha/web')
  assert.deepEqual(
    running.disks.map(({ name, sizeBytes }) => [name, sizeBytes]),
    [
      ['vda', 4 * MIB],
      [COMPANION, (await stat(path.join(own, STATE))).size],
    ],
  )
  await daemon.virsh('destroy', 'web')
  await writeTpm(own, 'of nobody')

  await t.test('where it was', async () => {
    await holdfast.ok('restore', off.id, '--original', '--no-safety-point', '--yes')
    assert.ok((await readFile(path.join(own, STATE))).equals(first))
    await daemon.virsh('start', 'web')
    await daemon.virsh('destroy', 'web')
    assert.equal(await readTpm(own), 'of the first point')
  })

  await t.test('where libvirt has forgotten the VM, and its TPM with it', async () => {
    await daemon.virsh('undefine', 'web')
    await assert.rejects(stat(own))
    const start = ['--original', '--no-safety-point', '--start', '--yes']
    await holdfast.ok('restore', running.id, ...start)
    assert.equal(await daemon.state('web'), 'running')
    await daemon.virsh('destroy', 'web')
    assert.equal(await readTpm(own), 'of the first point')
  })

  await t.test('for a new VM, by its own UUID', async () => {
    const place = path.join(holdfast.path('agent-alpha'), 'restores', 'copy')
    const to = ['--to', 'alpha', '--path', place, '--name', 'copy', '--no-start', '--yes']
    const { json } = await holdfast.ok<RestoreAnswer>('restore', off.id, ...to)
    assert.ok(!json.changes.some((change) => change.includes('TPM')), json.changes.join('\n'))
    const uuid = await daemon.virsh('domuuid', 'copy')
    assert.notEqual(uuid, vm.uuid)
    assert.ok((await readFile(path.join(stateOf(uuid), STATE))).equals(first))
    assert.deepEqual(await readdir(stateOf(uuid)), [STATE])
    assert.deepEqual((await readdir(place)).sort(), ['copy-vda.qcow2', 'copy.xml'])
    await daemon.virsh('start', 'copy')
    const { uid } = await stat(path.join(stateOf(uuid), STATE))
    assert.equal(uid, 64055, 'libvirt gives it to the user of its swtpm')
    await daemon.virsh('destroy', 'copy')
    assert.equal(await readTpm(stateOf(uuid)), 'of the first point')
  })

  await t.test('with its memory, which knows the TPM as well', async () => {
    await daemon.virsh('start', 'web')
    const withMemory = ['point', 'create', 'alpha/web', '--memory']
    const { json: taken } = await holdfast.ok<{ point: PointAnswer }[]>(...withMemory)
    const id = taken[0]?.point.id ?? ''
    const place = path.join(holdfast.path('agent-alpha'), 'restores', 'alive')
    const to = ['--to', 'alpha', '--path', place, '--name', 'alive', '--start', '--yes']
    const { json } = await holdfast.ok<RestoreAnswer>('restore', id, ...to)
    assert.ok(json.changes.includes('alive goes on where it was'), json.changes.join('\n'))
    const uuid = await daemon.virsh('domuuid', 'alive')
    for (const name of ['alive', 'web']) await daemon.virsh('destroy', name)
    assert.equal(await readTpm(stateOf(uuid)), 'of the first point')
  })

  await t.test('what the agent cannot find is said by the source and by the point', async () => {
    await rm(own, { recursive: true })
    const lacking = await scene.offered('that its state is gone', (all) =>
      all.find((one) => one.disks.some(({ reason }) => reason?.startsWith('not-'))),
    )
    assert.match(lacking.disks.find(({ name }) => name === 'tpm')?.reason ?? '', /^not-made-yet/)
    const point = await scene.point('alpha/web')
    assert.ok(!point.disks.some(({ name }) => name === COMPANION))
  })
})
