import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, readlink, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import type { ByteOutput, FileHead } from '../../core/archive/file-sink.ts'
import { TarSink } from '../../core/archive/tar-sink.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'

const run = promisify(execFile)

function head(path: string, type: string, more: Partial<FileHead> = {}): FileHead {
  return {
    ...{ path: Buffer.from(path, 'latin1'), type, sizeBytes: 0, target: null, sameAs: null },
    ...{ index: 0, attributes: [], extents: [] },
    status: {
      ...{ mode: 0o640, owner: { uid: 3_000_000, gid: 5 }, links: 1, device: null },
      modifiedAt: { seconds: 1_700_000_000, nanoseconds: 123_456_789 },
      ...{ accessedAt: null, changedAt: null, createdAt: null },
    },
    ...more,
  }
}

function memory(): { output: ByteOutput; bytes: () => Buffer } {
  const parts: Buffer[] = []
  const output: ByteOutput = {
    write: async (bytes) => void parts.push(Buffer.from(bytes)),
    close: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  }
  return { output, bytes: () => Buffer.concat(parts) }
}

const LONG = `${'folder with a long name/'.repeat(8)}${'n'.repeat(255)}`

async function fill(sink: TarSink): Promise<void> {
  const file = async (path: string, content: Buffer, more: Partial<FileHead> = {}) => {
    await sink.begin(head(path, 'file', { sizeBytes: content.length, ...more }))
    await sink.data(content)
    await sink.end()
  }
  const value = Buffer.from([0, 1, 2, 0x0a, 0x3d, 0xff])
  await file('plain', Buffer.from('content'), {
    attributes: [{ name: Buffer.from('user.odd'), value }],
  })
  await file(LONG, Buffer.from('long'))
  await file('odd \xff\xfe\n', Buffer.alloc(512, 1))
  await file(`odd \xff ${'o'.repeat(150)}`, Buffer.alloc(513, 2))
  await sink.begin(head('link', 'link', { target: Buffer.from('t'.repeat(300)) }))
  await sink.end()
  await sink.begin(head('same', 'file', { sizeBytes: 7, sameAs: Buffer.from('plain') }))
  await sink.end()
  const extents = [
    { offset: 0, length: 4096, hole: false },
    { offset: 4096, length: 2 ** 33, hole: true },
    { offset: 4096 + 2 ** 33, length: 100, hole: false },
    { offset: 4196 + 2 ** 33, length: 5000, hole: true },
  ]
  await sink.begin(head('below/sparse', 'file', { sizeBytes: 9196 + 2 ** 33, extents }))
  await sink.data(Buffer.alloc(4096, 3))
  await sink.hole(2 ** 33)
  await sink.data(Buffer.alloc(100, 4))
  await sink.hole(5000)
  await sink.end()
  await sink.begin(head('short', 'file', { sizeBytes: 1000 }))
  await sink.data(Buffer.from('cut'))
  await sink.end()
  await file('last', Buffer.from('still in its place'))
  await sink.finish()
}

test('GNU tar reads what was written: long and odd names, holes, links, nanoseconds', async (t) => {
  if (lacksTool(t, 'tar')) return
  const folder = await temporaryFolder(t)
  const { output, bytes } = memory()
  await fill(new TarSink(output))
  assert.equal(bytes().length % 512, 0)
  await writeFile(join(folder, 'tar'), bytes())
  await mkdir(join(folder, 'out'))
  await run('tar', ['-xf', join(folder, 'tar'), '-C', join(folder, 'out'), '--no-same-owner'])
  const read = (name: string) => readFile(Buffer.from(`${folder}/out/${name}`, 'latin1'))
  assert.equal((await read('plain')).toString(), 'content')
  assert.equal((await read(LONG)).toString(), 'long')
  assert.equal((await read('odd \xff\xfe\n')).length, 512)
  assert.equal((await read(`odd \xff ${'o'.repeat(150)}`)).length, 513)
  assert.equal(await readlink(join(folder, 'out/link')), 't'.repeat(300))
  const plain = await stat(join(folder, 'out/plain'), { bigint: true })
  assert.equal(plain.mtimeNs, 1_700_000_000_123_456_789n)
  assert.equal(plain.ino, (await stat(join(folder, 'out/same'), { bigint: true })).ino)
  const sparse = await stat(join(folder, 'out/below/sparse'))
  assert.equal(sparse.size, 9196 + 2 ** 33)
  assert.ok(sparse.blocks * 512 < 2 ** 20)
  assert.equal((await read('short')).length, 1000)
  assert.equal((await read('last')).toString(), 'still in its place')
})

test('as root: owners beyond the old limit and extended attributes come back', async (t) => {
  if (lacksRoot(t) || lacksTool(t, 'getfattr')) return
  const folder = await temporaryFolder(t)
  const { output, bytes } = memory()
  await fill(new TarSink(output))
  await writeFile(join(folder, 'tar'), bytes())
  const options = ['--xattrs', '--xattrs-include=*', '-xf', join(folder, 'tar'), '-C', folder]
  await run('tar', [...options, 'plain'])
  assert.equal((await stat(join(folder, 'plain'))).uid, 3_000_000)
  const { stdout } = await run('getfattr', ['-n', 'user.odd', '-e', 'hex', join(folder, 'plain')])
  assert.match(stdout, /0x0001020a3dff/)
})

test('paths that lead out of a folder are refused', async () => {
  const { output } = memory()
  for (const path of ['../x', 'a/../../x', '/etc/passwd', 'a//b', 'a/./b', '..', 'a\0b'])
    await assert.rejects(new TarSink(output).begin(head(path, 'file')), { code: 'target-refused' })
})
