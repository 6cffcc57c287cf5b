import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { lstat, mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { fileOutput } from '../../cli/files/byte-output.ts'
import type { FileHead } from '../../core/archive/file-sink.ts'
import { ZipSink } from '../../core/archive/zip-sink.ts'
import { bytesOf } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'

const run = promisify(execFile)

function head(path: string | Buffer, type: string, more: Partial<FileHead> = {}): FileHead {
  return {
    ...{ path: Buffer.from(path), type, sizeBytes: 0, target: null, sameAs: null },
    ...{ index: 0, attributes: [], extents: [] },
    status: {
      ...{ mode: 0o640, owner: { uid: 3_000_000, gid: 5 }, links: 1, device: null },
      modifiedAt: { seconds: 1_700_000_001, nanoseconds: 123_456_789 },
      ...{ accessedAt: null, changedAt: null, createdAt: null },
    },
    ...more,
  }
}

async function put(zip: ZipSink, path: string | Buffer, content: Buffer, isWhole = true) {
  await zip.begin(head(path, 'file', { sizeBytes: content.length }))
  for (let at = 0; at < content.length; at += 300_000)
    await zip.data(content.subarray(at, at + 300_000))
  await zip.end(isWhole)
}

const ODD = Buffer.from([0x6e, 0xff, 0xfe, 0x80])

test('unzip, bsdtar and Python read what was put in, and nothing that was not whole', async (t) => {
  if (lacksTool(t, 'unzip') || lacksTool(t, 'bsdtar') || lacksTool(t, 'python3')) return
  const folder = await temporaryFolder(t)
  const path = join(folder, 'all.zip')
  const zip = new ZipSink(await fileOutput(path))
  const large = bytesOf('large', 3 * 2 ** 20 + 17)
  await zip.begin(head('', 'folder'))
  await zip.begin(head('folder', 'folder', { status: { ...head('', '').status!, mode: 0o750 } }))
  await zip.end(true)
  await put(zip, 'folder/large', large)
  await put(zip, 'folder/broken', bytesOf('broken', 1000), false)
  await put(zip, 'empty', Buffer.alloc(0))
  await put(zip, 'naïve ☃', Buffer.from('UTF-8'))
  await put(zip, ODD, Buffer.from('no UTF-8'))
  await zip.begin(head('link', 'link', { target: Buffer.from('folder/large') }))
  await zip.end(true)
  await zip.begin(head('sparse', 'file', { sizeBytes: 5 * 2 ** 20 + 6 }))
  await zip.hole(5 * 2 ** 20 + 3)
  await zip.data(Buffer.from('end'))
  await zip.end(true)
  const device = zip.begin(head('null', 'character-device'))
  await assert.rejects(device, { code: 'format-cannot-hold' })
  await zip.finish()

  const tested = await run('unzip', ['-t', path])
  assert.match(tested.stdout, /No errors detected/)
  // Only root may give files to others; unzip counts each that it cannot as a failure.
  const owners = process.getuid?.() === 0 ? ['-X'] : []
  for (const [tool, ...args] of [
    ['unzip', '-q', ...owners, path, '-d'],
    ['bsdtar', '-xpf', path, '-C'],
  ]) {
    const target = join(folder, tool ?? '')
    await mkdir(target)
    await run(tool ?? '', [...args, target], {
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    })
    assert.ok((await readFile(join(target, 'folder/large'))).equals(large), tool)
    assert.deepEqual(await readdir(join(target, 'folder')), ['large'], tool)
    assert.equal(await readlink(join(target, 'link')), 'folder/large')
    assert.equal((await stat(join(target, 'empty'))).size, 0)
    assert.equal(await readFile(join(target, 'naïve ☃'), 'utf8'), 'UTF-8', tool)
    const { mode, mtimeMs } = await lstat(join(target, 'folder/large'))
    assert.deepEqual([mode & 0o7777, mtimeMs], [0o640, 1_700_000_001_000], tool)
    assert.equal((await lstat(join(target, 'folder'))).mode & 0o7777, 0o750, tool)
    const sparse = await readFile(join(target, 'sparse'))
    assert.ok(sparse.equals(Buffer.concat([Buffer.alloc(5 * 2 ** 20 + 3), Buffer.from('end')])))
  }
  // bsdtar hands the bytes on; unzip takes them for an old code page, whatever the locale.
  const odd = await readFile(Buffer.concat([Buffer.from(join(folder, 'bsdtar/')), ODD]))
  assert.equal(odd.toString(), 'no UTF-8')
})

const LOOK = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    infos = z.infolist()
    big = z.getinfo('big')
    last = infos[-1]
    print(len(infos), big.file_size, big.compress_size < 2**30, last.header_offset > 0, z.read(last).decode())
`

test('more entries than 16 bits count, and a file above 4 GiB', async (t) => {
  if (lacksTool(t, 'python3')) return
  const folder = await temporaryFolder(t)
  const path = join(folder, 'many.zip')
  const zip = new ZipSink(await fileOutput(path))
  const bytes = 4 * 2 ** 30 + 5
  await zip.begin(head('big', 'file', { sizeBytes: bytes }))
  await zip.hole(bytes - 3)
  await zip.data(Buffer.from('end'))
  await zip.end(true)
  for (let i = 0; i < 65_600; i++) await zip.begin(head(`folder ${i}`, 'folder'))
  await put(zip, 'last', Buffer.from('the last one'))
  await zip.finish()
  const script = join(folder, 'look.py')
  await writeFile(script, LOOK)
  const { stdout } = await run('python3', [script, path])
  assert.equal(stdout.trim(), `65602 ${bytes} True True the last one`)
})
