import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { parse } from 'yaml'
import { endGuest } from '../../scripts/demo/guest.ts'
import type { PointAnswer, RestoreAnswer } from '../support/answers.ts'
import { guestScene, inGuest, lacksGuests } from './real-guest.ts'

interface Declaration {
  readonly uuid: string
  readonly guestAgent: string
}

const BOOT = 'cat /run/boot_id'
const COUNTER = 'cat /run/counter'
/** The same line goes to one disk after the other. The writer goes on: who is behind is counted first. */
const LINES = 'wc -l </mnt/vdb/log; wc -l </mnt/vda/log'

async function withMemory(scene: Awaited<ReturnType<typeof guestScene>>['scene']) {
  const { json } = await scene.holdfast.ok<{ point: PointAnswer }[]>(
    ...['point', 'create', 'alpha/web', '--memory'],
  )
  const point = json[0]?.point
  assert.ok(point)
  assert.equal(point.hasMemory, true)
  assert.equal(point.paused, true)
  return point
}

test('a point with memory: the guest goes on meanwhile, and its copy goes on where it was', async (t: TestContext) => {
  if (lacksGuests(t)) return
  const { scene, vm, guest } = await guestScene(t, ['hf.writer'])
  t.after(() => endGuest(guest.shape.uuid))
  const { agent } = vm.sockets
  const boot = await inGuest(agent, BOOT)
  await scene.point('alpha/web')
  const before = Number(await inGuest(agent, COUNTER))
  const point = await withMemory(scene)
  const after = Number(await inGuest(agent, COUNTER))
  assert.ok(after > before, 'the source went on')
  const modes = new Map(point.disks.map(({ name, transferMode }) => [name, transferMode]))
  assert.equal(modes.get('data0'), 'tracked', 'saving memory loses no change record')
  assert.equal(modes.get('memory'), 'initial')

  const folder = join(scene.holdfast.path('agent-alpha'), 'restores', 'copy')
  const to = ['--to', 'alpha', '--path', folder, '--name', 'copy']
  // Said beforehand: QEMU's own network is a part of the saved memory.
  for (const more of [
    ['--network', 'user=none'],
    ['--cpus', '2'],
    ['--memory-size', '512MiB'],
  ]) {
    const refused = await scene.holdfast.run<RestoreAnswer>(
      'restore',
      point.id,
      ...to,
      ...more,
      '--plan',
    )
    assert.equal(refused.json.error?.code, 'host-lacks')
    assert.match(refused.json.error.hint ?? '', /--discard-memory/)
  }
  const { json } = await scene.holdfast.ok<RestoreAnswer>(
    ...['restore', point.id, ...to, '--start', '--yes'],
  )
  const copy = parse(await readFile(join(folder, 'copy.yaml'), 'utf8')) as Declaration
  t.after(() => endGuest(copy.uuid))
  assert.ok(json.changes.includes('copy goes on where it was'), json.changes.join('\n'))
  assert.equal(await inGuest(copy.guestAgent, BOOT), boot, 'it was not booted')
  const counted = Number(await inGuest(copy.guestAgent, COUNTER))
  assert.ok(counted >= before, `it counts on from ${before}: ${counted}`)
  const [second = 0, first = 0] = (await inGuest(copy.guestAgent, LINES)).split('\n').map(Number)
  assert.ok(second > 0 && first >= second, `${first} ${second}`)
  const errors = await inGuest(
    copy.guestAgent,
    'dmesg | grep -ciE "ext4.*error|xfs.*(corrupt|error)|I/O error" || true',
  )
  assert.equal(errors.trim(), '0')
  const again = await withMemory(scene)
  assert.equal(again.disks.find(({ name }) => name === 'memory')?.transferMode, 'compared')

  const discarded = await scene.holdfast.ok<RestoreAnswer>(
    ...[
      'restore',
      again.id,
      '--to',
      'alpha',
      '--path',
      `${folder}2`,
      '--name',
      'cut',
      '--discard-memory',
      '--yes',
    ],
  )
  assert.ok(!discarded.json.files.some((file) => file.includes('memory')), 'no memory travels')
  await assert.rejects(stat(join(`${folder}2`, 'cut.resume')))

  await inGuest(agent, 'rm /mnt/vda/photos/0.jpg; sync')
  const back = await scene.holdfast.ok<RestoreAnswer>(
    ...['restore', again.id, '--original', '--no-safety-point', '--yes'],
  )
  assert.ok(back.json.changes.includes('web goes on where it was'), back.json.changes.join('\n'))
  assert.equal(await inGuest(agent, BOOT), boot)
  assert.match(await inGuest(agent, 'ls /mnt/vda/photos'), /0\.jpg/)
})
