import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import test from 'node:test'
import { RESTORE_FORMATS, type RestoreFormat } from '../../core/model/restore-format.ts'
import type { StartedAnswer } from '../support/answers.ts'
import {
  GUEST_BYTES,
  guestContent,
  IMAGE_NAMES,
  makeImage,
  qemuImg,
  qemuIo,
} from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'

const DRIVERS: Readonly<Record<string, string>> = { '.vhd': 'vpc', '.img': 'raw' }

function driverOf(path: string): string {
  return DRIVERS[extname(path)] ?? extname(path).slice(1)
}

/** Every kind of image that there is, each with other content; a chain and snapshots too. */
async function makeImages(scene: Scene): Promise<string[]> {
  const names = IMAGE_NAMES.map((kind) => (kind.includes('flat') ? `flat/${kind}` : kind))
  for (const folder of ['flat', 'chain', 'snapshots']) await mkdir(scene.image(folder))
  for (const [at, kind] of IMAGE_NAMES.entries())
    await makeImage(dirname(scene.image(names[at] ?? '')), kind, guestContent(kind, GUEST_BYTES))
  await writeFile(scene.image('plain.raw'), guestContent('raw', GUEST_BYTES - 3))
  await writeFile(scene.image('named.img'), guestContent('img', GUEST_BYTES - 512))
  return [...names, 'plain.raw', 'named.img', await makeChain(scene), await makeSnapshots(scene)]
}

/** qcow2 ← qcow2 ← qcow2, each with writes of its own. */
async function makeChain(scene: Scene): Promise<string> {
  const folder = scene.image('chain')
  const base = await makeImage(folder, 'plain.qcow2', guestContent('chain', GUEST_BYTES))
  const [middle, top] = [join(folder, 'middle.qcow2'), join(folder, 'top.qcow2')]
  const overlay = ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b']
  await qemuImg(...overlay, base, middle)
  await qemuIo(middle, 'qcow2', 'write -P 0x11 1M 300k', 'write -z 3M 128k')
  await qemuImg(...overlay, 'middle.qcow2', top)
  await qemuIo(top, 'qcow2', 'write -P 0x22 1100k 64k', 'write -P 0x33 5M 4k')
  return 'chain/top.qcow2'
}

/** The disk as it is now is protected, whatever its snapshots hold. */
async function makeSnapshots(scene: Scene): Promise<string> {
  const guest = guestContent('snapshots', GUEST_BYTES)
  const image = await makeImage(scene.image('snapshots'), 'old.qcow2', guest)
  await qemuImg('snapshot', '-c', 'before', image)
  await qemuIo(image, 'qcow2', 'write -P 0x44 256k 700k')
  return 'snapshots/old.qcow2'
}

interface Wish {
  readonly name: string
  readonly point: string
  readonly format: RestoreFormat
}

/** Restored on another host, it is the same disk to QEMU. */
async function compareRestored(scene: Scene, { name, point, format }: Wish): Promise<void> {
  const file = await scene.restored(point, ['--format', format], 'beta')
  const driver = format.startsWith('vhd') && format !== 'vhdx' ? 'vpc' : format
  const image = scene.image(name)
  // Fails unless both are the same disk; a rounded one may be longer by zeros.
  await qemuImg('compare', '-f', driverOf(image), '-F', driver, image, file)
  assert.equal(basename(file), `${basename(name, extname(name))}${extname(file)}`)
}

test('images of every format are protected, and restored in every format elsewhere', async (t) => {
  if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-nbd')) return
  const scene = await Scene.open(t, { hosts: ['alpha', 'beta'] })
  const names = await makeImages(scene)
  const sources = names.map((name) => `alpha/${name}`)
  await scene.sources(...sources)
  const made = await scene.holdfast.ok<StartedAnswer[]>('point', 'create', ...sources)
  for (const { source, point, error } of made.json) {
    assert.equal(error, null, source)
    assert.equal(point?.state, 'ready', source)
    assert.equal(point.consistency, 'cold', source)
  }
  const points = new Map(made.json.map(({ source, point }) => [source, point?.id ?? '']))
  const wishes = names.map((name, at) => ({ name, at }))
  const first = names[0] ?? ''
  const all = [
    ...wishes.map(({ name, at }) => ({ name, format: formatAt(at) })),
    ...RESTORE_FORMATS.map((format) => ({ name: first, format })),
  ].map((wish) => ({ ...wish, point: points.get(`alpha/${wish.name}`) ?? '' }))
  await t.test('restores', async () => {
    for (let at = 0; at < all.length; at += 3)
      await Promise.all(all.slice(at, at + 3).map((wish) => compareRestored(scene, wish)))
  })
})

function formatAt(index: number): RestoreFormat {
  return RESTORE_FORMATS[index % RESTORE_FORMATS.length] ?? 'raw'
}
