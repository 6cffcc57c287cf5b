import assert from 'node:assert/strict'
import { link, mkdir, open, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openBtrfs } from '../../core/filesystem/btrfs/btrfs-file-system.ts'
import { bytesOf, fileReader, tool } from '../support/ext-images.ts'
import { canMount } from '../support/image-mount.ts'
import { temporaryFolder } from '../support/images.ts'
import { compareWithMounted, mounted } from '../support/mounted.ts'
import { seeded } from '../support/fuzz/mutate.ts'
import { lacks, lacksRoot, lacksTool } from '../support/needs.ts'

async function lacksBtrfs(t: TestContext): Promise<boolean> {
  if (lacksRoot(t) || lacksTool(t, 'mkfs.btrfs') || lacksTool(t, 'setfattr')) return true
  return lacks(t, 'loop devices', await canMount('kernel'))
}

async function fsync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync()
  await handle.close()
}

async function writeAt(path: string, offset: number, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.write(bytes, 0, bytes.length, offset)
  await handle.close()
}

async function before(root: string): Promise<void> {
  const at = (name: string) => join(root, name)
  await mkdir(at('folder/below'), { recursive: true })
  await mkdir(at('other'))
  for (let i = 0; i < 60; i++) await writeFile(at(`folder/file ${i}`), bytesOf(`${i}`, i * 1111))
  for (let i = 0; i < 10; i++) await writeFile(at(`large ${i}`), bytesOf(`large ${i}`, 400_000))
  await tool('setfattr', '-n', 'user.kept', '-v', 'kept', at('large 1'))
  await tool('setfattr', '-n', 'user.gone', '-v', 'gone', at('large 1'))
  // Not more: where a log makes an item of names outgrow its block, Linux 6.18 stops for good.
  for (let i = 0; i < 7; i++)
    await link(at('large 2'), at(`other/${'a name of many '.repeat(8)}${i}`))
}

/** What is synced without a commit, one kind of change after the other. */
const CHANGES: Readonly<Record<string, (at: (name: string) => string) => Promise<void>>> = {
  'new files': async (at) => {
    await writeFile(at('new'), bytesOf('new', 70_000))
    await writeFile(at('new and small'), 'small')
    await writeFile(at('new, repeats'), 'repeats '.repeat(40_000))
    for (const name of ['new', 'new and small', 'new, repeats']) await fsync(at(name))
  },
  'content over content': async (at) => {
    await writeAt(at('large 0'), 50_000, bytesOf('over', 9000))
    await writeAt(at('large 0'), 390_000, bytesOf('beyond', 90_000))
    await fsync(at('large 0'))
    await writeAt(at('large 0'), 100, bytesOf('again', 100))
    await fsync(at('large 0'))
  },
  attributes: async (at) => {
    await tool('setfattr', '-x', 'user.gone', at('large 1'))
    await tool('setfattr', '-n', 'user.new', '-v', 'new', at('large 1'))
    await tool('chmod', '4711', at('large 1'))
    await tool('chown', '7:8', at('large 1'))
    await fsync(at('large 1'))
  },
  'shorter, holes, reserved space': async (at) => {
    await truncate(at('large 3'), 123_456)
    await tool('fallocate', '-p', '-o', '8192', '-l', '40960', at('large 4'))
    await tool('fallocate', '-l', '900000', at('large 5'))
    await truncate(at('large 6'), 0)
    for (const i of [3, 4, 5, 6]) await fsync(at(`large ${i}`))
  },
  'links and other names': async (at) => {
    await link(at('large 7'), at('folder/second name'))
    await fsync(at('large 7'))
    await rename(at('folder/file 3'), at('folder/renamed'))
    await fsync(at('folder/renamed'))
    await rename(at('folder/file 4'), at('folder/file 5'))
    await fsync(at('folder/file 5'))
  },
  'entries that are gone': async (at) => {
    for (const i of [10, 11, 12, 30]) await rm(at(`folder/file ${i}`))
    await writeFile(at('folder/in place of it'), 'new')
    await symlink('somewhere', at('folder/a link'))
    await fsync(at('folder'))
  },
  'folders in folders': async (at) => {
    await mkdir(at('made/deep/deeper'), { recursive: true })
    for (let i = 0; i < 80; i++) await writeFile(at(`made/deep/${i}`), bytesOf(`made ${i}`, i * 50))
    await fsync(at('made/deep'))
    await fsync(at('made'))
  },
  'a name used again': async (at) => {
    await rm(at('large 8'))
    await writeFile(at('large 8'), 'another file')
    await fsync(at('large 8'))
    await writeFile(at('large 9.new'), 'as editors do it')
    await fsync(at('large 9.new'))
    await rename(at('large 9.new'), at('large 9'))
    await fsync(at('large 9'))
  },
}

async function makeDirty(t: TestContext, make: readonly string[]) {
  const image = join(await temporaryFolder(t), 'image')
  await writeFile(image, '')
  await truncate(image, 256 * 2 ** 20)
  await tool('mkfs.btrfs', '-q', ...make, image)
  const running = await mounted(t, image, 'commit=300,compress=lzo')
  return { image, running }
}

/** The reader on the bytes as they are; the kernel mounts a copy, and so replays the log. */
async function compareCut(t: TestContext, image: string, cut: string): Promise<boolean> {
  const copy = `${image}.${cut}`
  await tool('cp', '--sparse=always', image, copy)
  const log = (await tool('btrfs', 'inspect-internal', 'dump-super', copy)).match(
    /^log_root\s+(\d+)/m,
  )
  const reader = await fileReader(copy)
  t.after(() => reader.close())
  const system = await openBtrfs(reader)
  assert.deepEqual(system.warnings, [], cut)
  const recovered = `${copy}.recovered`
  await tool('cp', '--sparse=always', copy, recovered)
  const kernel = await mounted(t, recovered)
  try {
    await compareWithMounted(system, kernel.folder)
  } catch (error) {
    throw new Error(`${cut}: is not as the kernel has it`, { cause: error })
  } finally {
    await kernel.unmount()
    await rm(copy)
    await rm(recovered)
  }
  return Number(log?.[1]) !== 0
}

for (const [name, make] of Object.entries({ btrfs: [], 'btrfs, holes told': ['-O', '^no-holes'] }))
  test(`${name}: a log is read as the kernel replays it`, async (t) => {
    if (await lacksBtrfs(t)) return
    const { image, running } = await makeDirty(t, make)
    await before(running.folder)
    await tool('btrfs', 'subvolume', 'create', join(running.folder, 'sub'))
    await before(join(running.folder, 'sub'))
    await tool('sync', '-f', running.folder)
    let logs = 0
    for (const [cut, change] of Object.entries(CHANGES)) {
      await change((path) => join(running.folder, path))
      if (cut.includes('folder')) await change((path) => join(running.folder, 'sub', path))
      logs += (await compareCut(t, image, cut)) ? 1 : 0
    }
    assert.ok(logs >= 5, `${logs} of the cuts had a log`)
  })

test('btrfs: logs of random work', async (t) => {
  if (await lacksBtrfs(t)) return
  const seed = process.env['HOLDFAST_FUZZ_SEED'] ?? 'btrfs log'
  const random = seeded(seed)
  const { image, running } = await makeDirty(t, ['-n', '4096'])
  const at = (path: string) => join(running.folder, path)
  await before(running.folder)
  await tool('sync', '-f', running.folder)
  const names = Array.from(
    { length: 25 },
    (_, i) => `${['folder', 'other', 'folder/below'][i % 3]}/r${i}`,
  )
  const any = () => at(names[random(names.length)]!)
  const attempt = (work: Promise<unknown>) =>
    work.then(
      () => true,
      () => false,
    )
  let logs = 0
  for (let round = 0; round < 90; round++) {
    const [one, two] = [any(), any()]
    const bytes = bytesOf(`${round}`, random(60_000))
    const kind = random(8)
    if (kind < 2) await attempt(writeFile(one, bytes))
    else if (kind === 2) await attempt(rename(one, two))
    else if (kind === 3) await attempt(link(one, two))
    else if (kind === 4) await attempt(rm(one))
    else if (kind === 5) await attempt(writeAt(one, random(90_000), bytes))
    else if (kind === 6) await attempt(truncate(one, random(50_000)))
    else await attempt(tool('setfattr', '-n', `user.${random(4)}`, '-v', `${round}`, one))
    if (random(3) > 0) await attempt(fsync(random(4) === 0 ? at('folder') : one))
    if (round % 15 === 14) logs += (await compareCut(t, image, `round ${round} of ${seed}`)) ? 1 : 0
  }
  assert.ok(logs >= 5, `${logs}`)
})
