import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { makeExt, makeTree, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'
import { consoleOf } from './console-of.ts'

test('files are downloaded as they went in: one, a zip, a tar', async (t) => {
  if (lacksTool(t, 'mkfs.ext4') || lacksTool(t, 'bsdtar')) return
  const folder = await temporaryFolder(t)
  const tree = join(folder, 'tree')
  await mkdir(tree)
  await makeTree(tree, { wide: 40, depth: 5, huge: false })
  const scene = await Scene.open(t, { serverArgs: ['--console', '127.0.0.1:0', '--console-plain'] })
  await makeExt(scene.image('disk.raw'), 'ext4', tree)
  await scene.holdfast.source('alpha/disk.raw')
  const { id } = await scene.point('alpha/disk.raw')
  const { get } = await consoleOf(scene)
  const content = (paths: readonly string[], archive?: string) => {
    const query = paths.map((path) => `paths=${encodeURIComponent(path)}`)
    return get(
      `points/${id}/content?${[...query, ...(archive ? [`archive=${archive}`] : [])].join('&')}`,
    )
  }

  await t.test(
    'one file, with its length and name, never shown by the browser itself',
    async () => {
      const answer = await content(['/naïve ☃ 日本'])
      const real = await readFile(join(tree, 'naïve ☃ 日本'))
      assert.equal(answer.headers.get('content-length'), String(real.length))
      assert.equal(answer.headers.get('content-type'), 'application/octet-stream')
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
      const disposition = answer.headers.get('content-disposition') ?? ''
      assert.match(disposition, /^attachment; /)
      assert.ok(disposition.endsWith(`filename*=UTF-8''${encodeURIComponent('naïve ☃ 日本')}`))
      assert.ok(Buffer.from(await answer.arrayBuffer()).equals(real))
    },
  )

  await t.test('a name that is no UTF-8', async () => {
    const answer = await content(['/n%FF%FE%80%0A'])
    assert.equal(await answer.text(), 'no UTF-8')
  })

  await t.test('folders and files in one tar', async () => {
    const answer = await content(['/deep', '/wide', '/large', '/odd'], 'tar')
    assert.equal(answer.headers.get('content-type'), 'application/x-tar')
    const there = join(folder, 'from-tar')
    await mkdir(there)
    await writeFile(join(folder, 'got.tar'), Buffer.from(await answer.arrayBuffer()))
    await tool('tar', '-xf', join(folder, 'got.tar'), '-C', there)
    for (const name of ['deep', 'wide', 'large', 'odd'])
      await tool('diff', '-r', '--no-dereference', join(tree, name), join(there, name))
  })

  await t.test('a zip says inside what it lacks', async () => {
    await tool('debugfs', '-w', '-R', 'mknod pipe p', scene.image('disk.raw'))
    const { id } = await scene.point('alpha/disk.raw')
    const answer = await get(`points/${id}/content?paths=/small&paths=/pipe&archive=zip`)
    const file = join(folder, 'got.zip')
    await writeFile(file, Buffer.from(await answer.arrayBuffer()))
    const names = await tool('bsdtar', '-tf', file)
    assert.deepEqual(names.trim().split('\n').sort(), ['holdfast-not-whole.txt', 'small'])
    const lacks = await tool('bsdtar', '-xOf', file, 'holdfast-not-whole.txt')
    assert.match(lacks, /^pipe: a zip cannot hold a fifo \(format-cannot-hold\)$/m)
  })

  await t.test(
    'what is not there, and what is no file, is refused before a byte is sent',
    async () => {
      const missing = await content(['/nothing'])
      assert.equal(missing.status, 404)
      assert.match(await missing.text(), /path-not-found/)
      const folder = await content(['/deep'])
      assert.equal(folder.status, 400)
      assert.match(await folder.text(), /a folder is downloaded in an archive/)
      const nonsense = await content(['/deep'], 'rar')
      assert.equal(nonsense.status, 400)
    },
  )
})
