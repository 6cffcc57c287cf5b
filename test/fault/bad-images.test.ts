import assert from 'node:assert/strict'
import { mkdir, open, readdir, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import test from 'node:test'
import type { StartedAnswer } from '../support/answers.ts'
import { GUEST_BYTES, guestContent, IMAGE_NAMES, makeImage, qemuImg } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { writeRawDisk } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'

const REFUSALS = /^(source-damaged|source-missing|source-not-protectable|format-unsupported)$/

async function overwrite(path: string, at: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.write(bytes, 0, bytes.length, at)
  await handle.close()
}

/** Each format twice: cut in the middle of its data, and with noise where its header was. */
async function makeBroken(scene: Scene): Promise<string[]> {
  const names: string[] = []
  for (const kind of IMAGE_NAMES)
    for (const how of ['cut', 'noise']) {
      const folder = scene.image(`${how}-${kind}`)
      await mkdir(folder)
      await spoil(await makeImage(folder, kind, guestContent(kind, GUEST_BYTES)), how)
      names.push(`${how}-${kind}/${kind}`)
    }
  return names
}

async function spoil(path: string, how: string): Promise<void> {
  const { size } = await stat(path)
  if (how === 'cut') return cutLargest(dirname(path))
  await overwrite(path, 0, Buffer.alloc(Math.min(size, 4096), 0xa5))
  // A fixed VHD has its only header in its last sector.
  if (path.endsWith('.vhd')) await overwrite(path, size - 512, Buffer.alloc(512, 0xa5))
}

/** The image itself, or the extent of a VMDK that holds its bytes. */
async function cutLargest(folder: string): Promise<void> {
  const files = (await readdir(folder)).map((name) => join(folder, name))
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  const largest = Math.max(...sizes)
  await truncate(files[sizes.indexOf(largest)] ?? '', Math.floor(largest / 3))
}

async function makeRefused(scene: Scene): Promise<string[]> {
  await writeFile(scene.holdfast.path('secret.raw'), guestContent('secret', GUEST_BYTES))
  const outside = ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', '../secret.raw']
  await qemuImg(...outside, scene.image('outside.qcow2'))
  await writeFile(scene.image('empty.raw'), '')
  await writeFile(scene.image('empty.qcow2'), '')
  return ['outside.qcow2', 'empty.raw', 'empty.qcow2']
}

test('bad images fail with a clear message, and never stop the good ones', async (t) => {
  if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-nbd')) return
  const scene = await Scene.open(t, { hosts: [] })
  await mkdir(scene.holdfast.images)
  await writeRawDisk(scene.image('good.raw'), { chunks: 5, tail: 700, seed: 5 })
  const names = [...(await makeBroken(scene)), ...(await makeRefused(scene)), 'good.raw']
  await scene.startAgents()
  const sources = names.map((name) => `alpha/${name}`)
  await scene.sources(...sources)
  const made = await scene.create(...sources)
  assert.equal(made.status, 1)
  const bySource = new Map(made.json.map((one) => [one.source, one]))

  await t.test('one that is cut short, or whose header is noise', () => {
    for (const name of names.filter((one) => /^(cut|noise)-/.test(one)))
      checkRefused(bySource.get(`alpha/${name}`), REFUSALS, name.split('/')[0] ?? '')
  })
  await t.test('one whose backing file lies outside of the folder', () => {
    const entry = bySource.get('alpha/outside.qcow2')
    checkRefused(entry, /^backing-file-refused$/, 'secret.raw')
  })
  await t.test('one of 0 bytes', () => {
    checkRefused(bySource.get('alpha/empty.raw'), /^source-not-protectable$/, 'empty.raw')
    checkRefused(bySource.get('alpha/empty.qcow2'), REFUSALS, 'empty.qcow2')
  })
  await t.test('the good one beside them is protected', () => {
    assert.equal(bySource.get('alpha/good.raw')?.point?.state, 'ready')
  })
})

function checkRefused(entry: StartedAnswer | undefined, code: RegExp, named: string): void {
  assert.ok(entry, named)
  assert.equal(entry.point, null, `${named} has no point`)
  assert.match(entry.error?.code ?? '', code, `${named}: ${JSON.stringify(entry.error)}`)
  assert.ok(entry.error?.message.includes(named), `${named}: ${entry.error?.message}`)
}
