import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { runRestore } from '../../agent/restore/restore.ts'
import { lacksRoot } from '../support/needs.ts'
import { namesIn, optionsFor, restoreOrThrow, temporaryFolder } from './harness.ts'
import { PointSource } from './point-source.ts'
import { sampleDisk } from './sample-disk.ts'

const run = promisify(execFile)
const MIB = 1024 * 1024

test('an original is replaced by the new file, which keeps its owner and mode', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'root.raw')
  await writeFile(path, 'the old bytes')
  await chmod(path, 0o640)
  if (process.getuid?.() === 0) await chown(path, 1234, 4321)
  const before = await stat(path)
  const disk = sampleDisk(2 * MIB + 3, 'root')
  const options = {
    ...optionsFor(folder, new PointSource([disk]), { original: true, sourceKey: 'k', folder: '' }),
    resolveOriginal: (key: string) => {
      assert.equal(key, 'k')
      return Promise.resolve([{ name: 'root', path, format: 'raw' }])
    },
  }
  assert.deepEqual(await restoreOrThrow(options), [path])
  assert.ok((await readFile(path)).equals(disk.bytes))
  const after = await stat(path)
  assert.deepEqual([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid])
  assert.notEqual(after.ino, before.ino)
  assert.deepEqual(await namesIn(folder), ['root.raw'])
})

test('the original stays as it was when the restore fails', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'root.raw')
  await writeFile(path, 'the old bytes')
  const source = new PointSource([sampleDisk(2 * MIB, 'root')], { damagedChunk: 90 })
  const options = {
    ...optionsFor(folder, source, { original: true }),
    resolveOriginal: () => Promise.resolve([{ name: 'root', path, format: 'raw' }]),
  }
  await assert.rejects(restoreOrThrow(options), { code: 'chunk-damaged' })
  assert.equal(await readFile(path, 'utf8'), 'the old bytes')
  assert.deepEqual(await namesIn(folder), ['root.raw'])
})

test('an original in use is refused before a byte moves, and again before the swap', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'root.raw')
  await writeFile(path, 'the old bytes')
  const disk = sampleDisk(MIB, 'root')
  let who = 'qemu (pid 4)'
  const make = (source: PointSource, more: object) => ({
    ...optionsFor(folder, source, { original: true, ...more }),
    resolveOriginal: () => Promise.resolve([{ name: 'root', path, format: 'raw' }]),
    findWriters: () => Promise.resolve([{ state: who === '' ? 'free' : 'open', who } as const]),
  })
  const refused = new PointSource([disk])
  await assert.rejects(restoreOrThrow(make(refused, {})), { code: 'target-in-use' })
  assert.equal(refused.requests.length, 0)

  who = ''
  const late = new PointSource([disk], {
    beforeFrame: () => {
      who = 'late (pid 5)'
    },
  })
  await assert.rejects(restoreOrThrow(make(late, {})), { code: 'target-in-use' })
  assert.equal(await readFile(path, 'utf8'), 'the old bytes')
  assert.deepEqual(await namesIn(folder), ['root.raw'])

  await restoreOrThrow(make(new PointSource([disk]), { evenIfOpen: true }))
  assert.ok((await readFile(path)).equals(disk.bytes))
})

test('a lost original comes back to its place, a symbolic link keeps pointing to it', async (t) => {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'real'))
  const lost = join(folder, 'real', 'lost.raw')
  const linked = join(folder, 'real', 'linked.raw')
  await writeFile(linked, 'old')
  await symlink(linked, join(folder, 'link.raw'))
  const disks = [sampleDisk(MIB, 'lost', 5), sampleDisk(MIB + 1, 'linked', 6)]
  const options = {
    ...optionsFor(folder, new PointSource(disks), { original: true }),
    resolveOriginal: () =>
      Promise.resolve([
        { name: 'linked', path: join(folder, 'link.raw'), format: 'raw' },
        { name: 'lost', path: lost, format: 'raw' },
      ]),
  }
  assert.deepEqual(await restoreOrThrow(options), [lost, linked])
  assert.ok((await readFile(lost)).equals(disks[0]!.bytes))
  assert.ok((await readFile(join(folder, 'link.raw'))).equals(disks[1]!.bytes))
  assert.deepEqual(await namesIn(join(folder, 'real')), ['linked.raw', 'lost.raw'])
})

test('an original has the format of its source, flattened and fixed as it was', async (t) => {
  const folder = await temporaryFolder(t)
  const disk = sampleDisk(2 * MIB, 'd')
  const path = (name: string) => join(folder, name)
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', path('base.qcow2'), '2M'])
  const backing = ['-b', path('base.qcow2'), '-F', 'qcow2']
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, path('top.qcow2')])
  const fixed = ['-o', 'subformat=fixed,force_size=on']
  await run('qemu-img', ['create', '-q', '-f', 'vpc', ...fixed, path('fixed.vhd'), '2M'])
  await run('qemu-img', ['create', '-q', '-f', 'vpc', '-o', 'force_size=on', path('d.vhd'), '2M'])
  for (const [file, format, driver] of [
    ['top.qcow2', 'qcow2', 'qcow2'],
    ['fixed.vhd', 'vhd', 'vpc'],
    ['d.vhd', 'vhd', 'vpc'],
  ] as const) {
    const options = {
      ...optionsFor(folder, new PointSource([disk]), { original: true }),
      resolveOriginal: () => Promise.resolve([{ name: 'd', path: path(file), format }]),
    }
    assert.deepEqual(await restoreOrThrow(options), [path(file)])
    const back = path('.undo/back.raw')
    await run('qemu-img', ['convert', '-f', driver, '-O', 'raw', path(file), back])
    assert.ok((await readFile(back)).equals(disk.bytes), file)
  }
  const { stdout } = await run('qemu-img', ['info', '--output=json', path('top.qcow2')])
  assert.equal('backing-filename' in (JSON.parse(stdout) as object), false)
  assert.equal((await stat(path('fixed.vhd'))).size, 2 * MIB + 512)
})

test('a source that this host does not know is named', async (t) => {
  const folder = await temporaryFolder(t)
  const options = optionsFor(folder, new PointSource([sampleDisk(MIB, 'sda')]), { original: true })
  await assert.rejects(restoreOrThrow(options), { code: 'source-missing', message: /sda/ })
})

test('a block device is written in place, zeros included', async (t) => {
  if (lacksRoot(t)) return
  const folder = await temporaryFolder(t)
  const disk = sampleDisk(3 * MIB + 512, 'dev')
  await writeFile(join(folder, 'backing'), Buffer.alloc(4 * MIB, 0x55))
  const device = (await run('losetup', ['-f', '--show', join(folder, 'backing')])).stdout.trim()
  t.after(() => run('losetup', ['-d', device]))
  const make = (state: 'free' | 'open', bytes = disk) => ({
    ...optionsFor(folder, new PointSource([bytes]), { original: true, evenIfOpen: true }),
    resolveOriginal: () => Promise.resolve([{ name: 'dev', path: device, format: 'raw' }]),
    findWriters: () => Promise.resolve([{ state, who: 'mounted on /mnt' }]),
  })
  await assert.rejects(restoreOrThrow(make('open')), { code: 'target-in-use' })
  const large = make('free', sampleDisk(5 * MIB, 'dev'))
  await assert.rejects(restoreOrThrow(large), { code: 'format-cannot-hold' })
  const outcome = await runRestore(make('free'))
  assert.equal(outcome.state, 'completed', outcome.error?.message)
  assert.deepEqual(outcome.files, [device])
  const now = await readFile(device)
  assert.ok(now.subarray(0, disk.bytes.length).equals(disk.bytes))
  assert.equal(
    now.subarray(disk.bytes.length).every((byte) => byte === 0x55),
    true,
  )
})

test('a full target fails the restore and leaves nothing', async (t) => {
  if (lacksRoot(t)) return
  const folder = await temporaryFolder(t)
  const small = join(folder, 'small')
  await mkdir(small)
  await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small])
  try {
    for (const format of ['raw', 'qcow2', 'vhd-fixed']) await fill(folder, small, format)
  } finally {
    await run('umount', [small])
  }
})

async function fill(folder: string, small: string, format: string): Promise<void> {
  const source = new PointSource([sampleDisk(20 * MIB)])
  const early = optionsFor(folder, source, { folder: small, format })
  await assert.rejects(restoreOrThrow(early), { code: 'target-full' }, format)
  assert.equal(source.requests.length, 0, 'refused with figures before a byte moved')
  // A point that is larger than it claims is found out by the file system.
  const disks = [{ ...source.restoreDisks()[0]!, allocatedBytes: 1 }]
  const claims = optionsFor(folder, source, { folder: small, format, disks })
  await assert.rejects(restoreOrThrow(claims), { code: 'target-full' }, format)
  assert.deepEqual(await namesIn(small), [])
}
