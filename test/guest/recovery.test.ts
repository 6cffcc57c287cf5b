import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { parse } from 'yaml'
import { endGuest, guestSays, whole } from '../../scripts/demo/guest.ts'
import type { RestoreAnswer } from '../support/answers.ts'
import { guestScene, inGuest, lacksGuests } from './real-guest.ts'

interface Declaration {
  readonly uuid: string
  readonly guestAgent: string
  readonly start: readonly string[]
}

/** Ends the QEMU that an agent started, with the test. */
function endLater(t: TestContext, uuid: string): void {
  t.after(() => endGuest(uuid))
}

test('a VM goes back to where it was: stopped, replaced, started, and whole', async (t) => {
  if (lacksGuests(t)) return
  const { scene, vm, guest } = await guestScene(t, ['hf.writer'])
  endLater(t, guest.shape.uuid)
  const first = await scene.point('alpha/web')
  await inGuest(
    vm.sockets.agent,
    'rm /mnt/vda/photos/0.jpg; echo ruined > /mnt/vdb/photos/1.jpg; sync',
  )

  const plan = await scene.holdfast.ok<{ wholeVm: boolean }>(
    'restore',
    first.id,
    '--original',
    '--plan',
  )
  assert.equal(plan.status, 0)
  const restored = await scene.holdfast.ok<RestoreAnswer>(
    'restore',
    first.id,
    '--original',
    '--yes',
  )
  assert.ok(restored.json.changes.includes('web was started'), restored.json.changes.join())
  assert.equal(vm.isRunning, false)
  assert.equal(whole(await guestSays(vm.sockets.console, /^READY/m), 2).length, 2)

  const points = await scene.holdfast.ok<{ label: string | null; id: string }[]>('point', 'list')
  assert.ok(points.json.some(({ label }) => label === `before restore of ${first.id}`))
  const next = await scene.holdfast.ok<{ point: { parentPoint: string; consistency: string } }[]>(
    ...(['point', 'create', 'alpha/web'] as const),
  )
  assert.equal(next.json[0]?.point.parentPoint, first.id, 'the next point branches off there')
  assert.equal(next.json[0].point.consistency, 'application')
})

test('a VM becomes another VM elsewhere, and runs beside its source', async (t) => {
  if (lacksGuests(t)) return
  const { scene, guest } = await guestScene(t, ['hf.writer'])
  const point = await scene.point('alpha/web')
  const folder = join(scene.holdfast.path('agent-alpha'), 'restores', 'copy')
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
  const plan = await scene.holdfast.ok<{ changes: string[] }>('restore', point.id, ...to, '--plan')
  assert.ok(plan.json.changes.includes('network: user became none'), plan.json.changes.join('\n'))

  const { json } = await scene.holdfast.ok<RestoreAnswer>(
    'restore',
    point.id,
    ...to,
    '--start',
    '--yes',
  )
  const declaration = parse(await readFile(join(folder, 'copy.yaml'), 'utf8')) as Declaration
  endLater(t, declaration.uuid)
  assert.notEqual(declaration.uuid, guest.shape.uuid)
  assert.ok(json.changes.includes('copy was started'), json.changes.join('\n'))
  assert.ok(
    json.changes.some((change) => change.startsWith('MAC address: 52:54:00:12:34:56 became')),
  )
  assert.ok(json.files.includes(join(folder, 'copy.start')))
  assert.equal(whole(await guestSays(join(folder, 'copy.console'), /^READY/m), 2).length, 2)
  assert.equal((await inGuest(declaration.guestAgent, 'nproc')).trim(), '2')

  const again = await scene.holdfast.run<RestoreAnswer>('restore', point.id, ...to, '--yes')
  assert.equal(again.status, 1)
  assert.equal(again.json.error?.code, 'target-exists')
  const twin = ['--to', 'alpha', '--path', `${folder}2`, '--identity', 'keep', '--yes']
  assert.equal((await scene.holdfast.run<RestoreAnswer>('restore', point.id, ...twin)).status, 1)
})
