import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import type { ItemHead } from '../../agent/items/dress.ts'
import { ItemWriter, type WriterOptions } from '../../agent/items/item-writer.ts'
import { Tally } from '../../agent/items/tally.ts'
import { copyName } from '../../agent/items/free-name.ts'
import { OpenFolder } from '../../core/runtime/open-folder.ts'
import { tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { canMount, whileMounted } from '../support/image-mount.ts'
import { lacks, lacksRoot, lacksTool } from '../support/needs.ts'

type Short = readonly [
  path: string | Buffer,
  type: string,
  content?: string,
  more?: Partial<ItemHead>,
]

const STATUS: NonNullable<ItemHead['status']> = {
  ...{ mode: 0o640, owner: { uid: 1234, gid: 2345 }, links: 1, device: null },
  modifiedAt: { seconds: 1_700_000_001, nanoseconds: 123_456_789 },
  ...{ accessedAt: null, changedAt: null, createdAt: null },
}

let index = 0
function headOf([path, type, content = '', more = {}]: Short): ItemHead {
  return {
    ...{ path: Buffer.from(path), type, sizeBytes: content.length, target: null, sameAs: null },
    ...{ index: index++, attributes: [], extents: [], status: STATUS, ...more },
  }
}

async function opened(target: string, more: Partial<WriterOptions> = {}) {
  const tally = new Tally()
  const writer = await ItemWriter.open({
    ...{ root: await OpenFolder.at(target), job: 'j-test', tally, special: false },
    ...{ onConflict: 'copy', owners: 'keep', untouchable: new Set<string>(), ...more },
    isRoot: process.getuid?.() === 0,
    searchPath: process.env['PATH'] ?? '',
  })
  return { writer, tally, result: () => tally.result(target) }
}

async function put(writer: ItemWriter, items: readonly Short[]): Promise<void> {
  for (const item of items) {
    await writer.begin(headOf(item))
    if (item[2]) await writer.data(Buffer.from(item[2]))
  }
}

async function places(t: TestContext): Promise<{ target: string; outside: string }> {
  const folder = await temporaryFolder(t)
  const [target, outside] = [join(folder, 'target'), join(folder, 'outside')]
  await mkdir(target)
  await mkdir(outside)
  await writeFile(join(outside, 'secret'), 'secret')
  return { target, outside }
}

const codes = (result: ReturnType<Tally['result']>) =>
  (result.failed ?? []).map(({ path, error }) => `${path} ${error?.code ?? ''}`)

test('names and links of a hostile guest lead nowhere', async (t) => {
  const { target, outside } = await places(t)
  const { writer, result } = await opened(target, { onConflict: 'overwrite' })
  await put(writer, [
    ['../outside/a', 'file', 'x'],
    [`/${outside}/b`, 'file', 'x'],
    ['..', 'folder'],
    ['.', 'folder'],
    ['a/../../outside/c', 'file', 'x'],
    ['nul\0', 'file', 'x'],
    ['trap', 'link', '', { target: Buffer.from('../outside') }],
    ['trap', 'folder'],
    ['trap/d', 'file', 'x'],
    ['trap/secret', 'file', 'x'],
    ['hard', 'file', '', { sameAs: Buffer.from('../outside/secret') }],
    ['other', 'file', '', { sameAs: Buffer.from('trap/secret') }],
    ['good', 'file', 'y'],
  ])
  await writer.finish()
  assert.deepEqual(await readdir(outside), ['secret'])
  assert.equal(await readFile(join(outside, 'secret'), 'utf8'), 'secret')
  assert.deepEqual((await readdir(target)).sort(), ['good', 'trap'])
  assert.equal(await readlink(join(target, 'trap')), '../outside')
  assert.equal(result().failedCount, 11)
  assert.equal(result().restored, 2)
})

test('somebody exchanges folders for links while they are written to', async (t) => {
  const { target, outside } = await places(t)
  // A process of its own that makes `swap` a folder and a link to the outside, as fast as it can.
  const enemy = fork(join(import.meta.dirname, 'exchanging-process.ts'), [target, outside], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  await new Promise((resolve) => enemy.once('message', resolve))
  let written = 0
  for (let round = 0; round < 60; round++) {
    const { writer, result } = await opened(target, { onConflict: 'overwrite' })
    await put(writer, [
      ['swap', 'folder'],
      [`swap/one ${round}`, 'file', 'x'],
      ['swap/deep', 'folder'],
      [`swap/deep/two ${round}`, 'file', 'y'],
      ['swap/link', 'link', '', { target: Buffer.from('../../outside') }],
    ])
    await writer.finish()
    written += Number(result().restored)
  }
  enemy.kill('SIGKILL')
  assert.ok(written > 0, 'some came between')
  assert.deepEqual(await readdir(outside), ['secret'])
  // Folders that were moved away got their modes where they are now; an ordinary user cannot empty them.
  await tool('chmod', '-R', 'u+rwX', target)
})

test('what is interrupted leaves nothing half, and nothing behind', async (t) => {
  const { target } = await places(t)
  const { writer, result } = await opened(target)
  await put(writer, [
    ['folder', 'folder'],
    ['folder/whole', 'file', 'whole'],
    ['folder/half', 'file', 'half', { sizeBytes: 100 }],
  ])
  assert.deepEqual((await readdir(target)).sort(), ['.holdfast-j-test', 'folder'])
  assert.deepEqual(await readdir(join(target, 'folder')), [], 'nothing has its name yet')
  await writer.abandon()
  assert.deepEqual(await readdir(target), ['folder'])
  assert.equal((await readdir(join(target, 'folder'))).includes('half'), false)
  assert.equal(result().failedCount, 0)
  // A process that was killed left these: the next of the same job removes them.
  await mkdir(join(target, '.holdfast-j-test'))
  await writeFile(join(target, '.holdfast-j-test/1'), 'half')
  const again = await opened(target)
  await put(again.writer, [['short', 'file', 'abc', { sizeBytes: 10 }]])
  await again.writer.finish()
  assert.deepEqual(codes(again.result()), ['short transfer-mismatch'])
  assert.deepEqual(await readdir(target), ['folder'])
})

test('a taken name: copies are numbered, and keep their ending', async (t) => {
  const { target } = await places(t)
  await writeFile(join(target, 'a.tar.gz'), 'mine')
  await writeFile(join(target, 'folder'), 'no folder')
  for (const content of ['one', 'two']) {
    const { writer, result } = await opened(target)
    await put(writer, [
      ['a.tar.gz', 'file', content],
      // One that an ordinary user may enter a second time.
      ['folder', 'folder', '', { status: { ...STATUS, mode: 0o750 } }],
      ['folder/in it', 'file', content],
    ])
    await writer.finish()
    assert.equal(result().failedCount, 0)
  }
  const names = ['a.tar (copy 2).gz', 'a.tar (copy).gz', 'a.tar.gz', 'folder', 'folder (copy)']
  assert.deepEqual((await readdir(target)).sort(), names)
  assert.equal(await readFile(join(target, 'a.tar (copy 2).gz'), 'utf8'), 'two')
  assert.deepEqual((await readdir(join(target, 'folder (copy)'))).sort(), ['in it', 'in it (copy)'])
  const long = copyName(Buffer.from(`${'n'.repeat(251)}.txt`), 12)
  assert.equal(long.length, 255)
  assert.match(long.toString(), /^n+ \(copy 12\)\.txt$/)
})

test('further names of a file come from what was sent, not from what is there', async (t) => {
  const { target, outside } = await places(t)
  const links = { status: { ...STATUS, links: 2 } }
  const { writer, result } = await opened(target)
  await put(writer, [
    ['first', 'file', 'content', links],
    ['between', 'file', 'x'],
  ])
  await writer.begin(headOf(['early', 'file', '', { sameAs: Buffer.from('first'), ...links }]))
  // Somebody puts another file under the first name.
  const { rename } = await import('node:fs/promises')
  await rename(join(outside, 'secret'), join(target, 'first'))
  await put(writer, [['second', 'file', '', { sameAs: Buffer.from('first'), ...links }]])
  await writer.finish()
  assert.equal(result().failedCount, 0)
  assert.equal(await readFile(join(target, 'second'), 'utf8'), 'content')
  assert.equal((await stat(join(target, 'second'))).ino, (await stat(join(target, 'early'))).ino)
})

test('what exFAT cannot hold is said, file by file', async (t) => {
  if (lacksRoot(t) || lacksTool(t, 'mkfs.exfat') || lacksTool(t, 'mount.exfat-fuse')) return
  if (lacks(t, 'FUSE', await canMount('fuse'))) return
  const folder = await temporaryFolder(t)
  const image = join(folder, 'exfat.img')
  await tool('truncate', '-s', '64M', image)
  await tool('mkfs.exfat', image)
  const target = join(folder, 'mounted')
  await mkdir(target)
  await whileMounted(image, target, ['mount.exfat-fuse'], () => onExfat(target))
})

async function onExfat(target: string): Promise<void> {
  const { writer, result } = await opened(target)
  const links = { status: { ...STATUS, links: 2 } }
  await put(writer, [
    ['plain', 'file', 'plain', links],
    ['other name', 'file', '', { sameAs: Buffer.from('plain'), ...links }],
    ['PLAIN', 'file', 'the same to FAT'],
    ['link', 'link', '', { target: Buffer.from('plain') }],
    ['question?', 'file', 'x'],
    ['folder', 'folder'],
    [
      'folder/file',
      'file',
      'y',
      {
        attributes: [{ name: Buffer.from('user.a'), value: Buffer.from('b') }],
      },
    ],
  ])
  await put(writer, [['large', 'file', '', { sizeBytes: 70 * 2 ** 20 }]])
  const full = (async () => {
    for (let at = 0; at < 70; at++) await writer.data(Buffer.alloc(2 ** 20, at + 1))
    await writer.finish()
  })()
  await assert.rejects(full, { code: 'target-full' })
  await writer.abandon()
  // The driver's word for a name that it does not take is ENOENT.
  assert.deepEqual(codes(result()), ['link format-cannot-hold', 'question? target-write-failed'])
  assert.equal(await readFile(join(target, 'other name'), 'utf8'), 'plain')
  assert.equal(await readFile(join(target, 'PLAIN (copy)'), 'utf8'), 'the same to FAT')
  assert.deepEqual((await readdir(target)).sort(), [
    'PLAIN (copy)',
    'folder',
    'other name',
    'plain',
  ])
  const lost = (result().lost ?? []).join('\n')
  for (const kind of [/owners/, /modes/, /times/, /hard links/, /extended attributes/])
    assert.match(lost, kind)
}

test('a disk of a source is not replaced, nor is a folder', async (t) => {
  const { target } = await places(t)
  await writeFile(join(target, 'web.raw'), 'a disk')
  await mkdir(join(target, 'folder'))
  const { dev, ino } = await stat(join(target, 'web.raw'))
  const { writer, result } = await opened(target, {
    onConflict: 'overwrite',
    untouchable: new Set([`${dev}:${ino}`]),
  })
  await put(writer, [
    ['web.raw', 'file', 'x'],
    ['folder', 'file', 'x'],
  ])
  await writer.finish()
  assert.deepEqual(codes(result()), ['web.raw target-in-use', 'folder target-exists'])
  assert.equal(await readFile(join(target, 'web.raw'), 'utf8'), 'a disk')
  assert.ok((await lstat(join(target, 'folder'))).isDirectory())
  await symlink('web.raw', join(target, 'way'))
  const second = await opened(target, {
    onConflict: 'overwrite',
    untouchable: new Set([`${dev}:${ino}`]),
  })
  await put(second.writer, [['way', 'file', 'x']])
  await second.writer.finish()
  assert.equal(await readFile(join(target, 'web.raw'), 'utf8'), 'a disk')
  assert.equal(await readFile(join(target, 'way'), 'utf8'), 'x')
})
