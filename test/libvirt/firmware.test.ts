import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import test from 'node:test'
import { attribute, find, parseXml, textOf } from '../../core/machine/xml.ts'
import type { RestoreAnswer } from '../support/answers.ts'
import { Scene } from '../support/scene.ts'
import { lacksLibvirt, startLibvirt } from './daemon.ts'
import { makeDomain } from './domain.ts'

const MIB = 2 ** 20
/** A firmware that leaves its second flash alone: what is in there is what the test put there. */
const FIRMWARE = '/usr/share/seabios/bios-256k.bin'

test('the firmware’s variables of a VM of libvirt go into points and come back', async (t) => {
  if (lacksLibvirt(t)) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const { folder } = holdfast
  const daemon = await startLibvirt(t)
  const [code, variables] = [path.join(folder, 'code.fd'), path.join(folder, 'web.vars')]
  const first = randomFillSync(Buffer.alloc(128 * 1024))
  await copyFile(FIRMWARE, code)
  await writeFile(variables, first)
  await makeDomain(daemon, {
    ...{ name: 'web', folder },
    disks: [{ target: 'vda', format: 'qcow2', sizeBytes: 4 * MIB }],
    os: `<loader readonly='yes' type='pflash'>${code}</loader><nvram>${variables}</nvram>`,
  })
  await daemon.virsh('start', 'web')
  await holdfast.startAgent('alpha', {}, ['--libvirt', daemon.uri])
  const [source] = await scene.sources('alpha/web')
  assert.equal(source?.firmware, 'uefi')
  const running = await scene.point('alpha/web')
  assert.deepEqual(
    running.disks.map(({ name }) => name),
    ['vda', 'nvram'],
  )

  await daemon.virsh('destroy', 'web')
  const second = randomFillSync(Buffer.alloc(128 * 1024))
  await writeFile(variables, second)
  const off = await scene.point('alpha/web')
  assert.equal(off.consistency, 'cold')

  await holdfast.ok('restore', running.id, '--original', '--no-safety-point', '--yes')
  assert.ok((await readFile(variables)).equals(first), 'those of the first point')

  const place = path.join(holdfast.path('agent-alpha'), 'restores', 'copy')
  const to = ['--to', 'alpha', '--path', place, '--name', 'copy']
  const copied = await holdfast.ok<RestoreAnswer>('restore', off.id, ...to, '--start', '--yes')
  const copy = parseXml(await daemon.virsh('dumpxml', '--inactive', 'copy'))
  const nvram = find(copy, 'os/nvram')
  assert.ok(nvram, copied.json.changes.join('\n'))
  const own = attribute(nvram, 'source', 'file') ?? textOf(nvram)
  assert.notEqual(own, variables)
  assert.ok((await readFile(own)).equals(second), 'those of the second')
  assert.equal(await daemon.state('copy'), 'running')
})
