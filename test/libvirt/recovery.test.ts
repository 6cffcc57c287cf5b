import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { attribute, parseXml } from '../../core/machine/xml.ts'
import { guestSays, whole } from '../../scripts/demo/guest.ts'
import type { PointAnswer, RestoreAnswer } from '../support/answers.ts'
import { Scene } from '../support/scene.ts'
import { consoleOf, guestDomain, inDomain, lacksGuestDomains } from './guest-domain.ts'
import { startLibvirt } from './daemon.ts'

test('a guest of libvirt: frozen for its points, put back, and copied beside itself', async (t) => {
  if (lacksGuestDomains(t)) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const daemon = await startLibvirt(t)
  const vm = await guestDomain(daemon, holdfast.folder, ['hf.writer'])
  await holdfast.startAgent('alpha', {}, ['--libvirt', daemon.uri])
  await scene.sources('alpha/web')
  const point = await scene.point('alpha/web')
  assert.equal(point.consistency, 'application')
  assert.equal((await inDomain(daemon, vm.uuid, 'echo awake')).trim(), 'awake')

  await inDomain(
    daemon,
    vm.uuid,
    'rm /mnt/vda/photos/0.jpg; echo ruined > /mnt/vdb/photos/1.jpg; sync',
  )
  await rm(consoleOf(vm))
  const back = await holdfast.ok<RestoreAnswer>('restore', point.id, '--original', '--yes')
  assert.ok(back.json.changes.includes('web was started'), back.json.changes.join('\n'))
  assert.equal(await daemon.state('web'), 'running')
  assert.equal(whole(await guestSays(consoleOf(vm), /^READY/m), 2).length, 2)
  const next = await scene.point('alpha/web')
  assert.ok(
    (next as PointAnswer & { parentVersion: string }).parentVersion,
    'it branches off there',
  )

  const folder = path.join(holdfast.path('agent-alpha'), 'restores', 'copy')
  const to = [
    '--to',
    'alpha',
    '--path',
    folder,
    '--name',
    'copy',
    '--cpus',
    '2',
    '--network',
    'user=none',
  ]
  const plan = await holdfast.ok<{ changes: string[] }>('restore', point.id, ...to, '--plan')
  assert.ok(plan.json.changes.includes('network: user became none'), plan.json.changes.join('\n'))
  const copied = await holdfast.ok<RestoreAnswer>('restore', point.id, ...to, '--start', '--yes')
  const { changes, files } = copied.json
  assert.ok(changes.includes('copy was started'), changes.join('\n'))
  assert.ok(changes.some((change) => change.startsWith('MAC address: 52:54:00:12:34:56 became')))
  assert.ok(files.includes(path.join(folder, 'copy.xml')), files.join())
  assert.deepEqual([await daemon.state('web'), await daemon.state('copy')], ['running', 'running'])
  assert.equal(whole(await guestSays(path.join(folder, 'copy.console'), /^READY/m), 2).length, 2)
  const uuid = await daemon.virsh('domuuid', 'copy')
  assert.notEqual(uuid, vm.uuid)
  assert.equal((await inDomain(daemon, uuid, 'nproc')).trim(), '2')
  const live = parseXml(await daemon.virsh('dumpxml', 'copy'))
  assert.equal(attribute(live, 'devices/interface/link', 'state'), 'down')
  assert.match(await readFile(path.join(folder, 'copy.xml'), 'utf8'), /pc-q35-/)

  const again = await holdfast.run<RestoreAnswer>('restore', point.id, ...to, '--yes')
  assert.deepEqual([again.status, again.json.error?.code], [1, 'target-exists'])
  const twin = ['--to', 'alpha', '--path', `${folder}2`, '--name', 'twin', '--identity', 'keep']
  const refused = await holdfast.run<RestoreAnswer>('restore', point.id, ...twin, '--yes')
  assert.deepEqual([refused.status, refused.json.error?.code], [1, 'target-exists'])
  const elsewhere = ['--to', 'alpha', '--path', `${folder}3`, '--network', 'user=network:nowhere']
  const lacking = await holdfast.run<RestoreAnswer>(
    'restore',
    point.id,
    ...elsewhere,
    '--name',
    'third',
    '--start',
    '--yes',
  )
  assert.deepEqual([lacking.status, lacking.json.error?.code], [1, 'host-lacks'])
  assert.match(lacking.json.error?.message ?? '', /there is no network nowhere/)
})
