import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import { Guestfish } from '../../bench/items/guestfish.ts'
import { makeGuestDisk } from '../../scripts/guest/guest-disk.ts'
import { guestFiles } from '../../scripts/guest/guest-files.ts'
import { guestCommand, GuestVm } from '../../scripts/guest/guest-vm.ts'
import { tool } from '../support/ext-images.ts'
import { qemuImg, temporaryFolder } from '../support/images.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'
import { inFolder, startExport } from './exported.ts'

/* What takes an emulated machine of its own for each look at an export. */

const MIB = 2 ** 20

test('an emulated machine boots from an export through an overlay, and its files are whole', async (t) => {
  if (lacksTool(t, 'qemu-system-x86_64') || lacksTool(t, 'mke2fs')) return
  const scene = await Scene.open(t)
  const image = scene.image('guest.raw')
  await makeGuestDisk(image, { format: 'raw', sizeBytes: 96 * MIB, files: 8, fileBytes: 3 * MIB })
  await scene.sources('alpha/guest.raw')
  const point = await scene.point('alpha/guest.raw')
  const { uri } = await startExport(t, scene, point.id)
  const overlay = inFolder(scene, 'overlay.qcow2')
  await qemuImg('create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', uri, overlay)
  const disks = [{ name: 'data0', path: overlay, format: 'qcow2' }]
  const folder = await temporaryFolder(t)
  const shape = { name: 'vm', uuid: randomUUID(), folder, disks, asks: ['hf.noagent'] }
  const vm = GuestVm.start(shape, guestCommand(await guestFiles(), shape))
  t.after(() => vm.kill())
  assert.match(await vm.said(/^READY/m), /^WHOLE vda/m)
})

test('guestfish looks into an export', async (t) => {
  if (lacksTool(t, 'guestfish') || lacksTool(t, 'mke2fs') || lacksRoot(t)) return
  const scene = await Scene.open(t)
  const image = scene.image('guest.raw')
  await makeGuestDisk(image, { format: 'raw', sizeBytes: 96 * MIB, files: 8, fileBytes: 3 * MIB })
  await scene.sources('alpha/guest.raw')
  const point = await scene.point('alpha/guest.raw')
  const { uri } = await startExport(t, scene, point.id)
  const guestfish = await Guestfish.prepare(await temporaryFolder(t))
  const [there, here] = [inFolder(scene, 'there.jpg'), inFolder(scene, 'here.jpg')]
  // It knows URIs of one word only.
  await guestfish.ask(uri.replace('nbd+unix:', 'nbd:'), ['download', '/photos/5.jpg', there])
  await tool('debugfs', '-R', `dump /photos/5.jpg ${here}`, image)
  assert.ok((await readFile(there)).equals(await readFile(here)))
})
