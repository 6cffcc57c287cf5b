import assert from 'node:assert/strict'
import {
  copyFile,
  link,
  mkdir,
  open,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openXfs } from '../../core/filesystem/xfs/xfs-file-system.ts'
import { bytesOf, fileReader, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { canMount, whileMounted } from '../support/image-mount.ts'
import { compareWithMounted } from '../support/mounted.ts'
import { hasTool, lacks } from '../support/needs.ts'

const needed = ['mkfs.xfs', 'xfs_io', 'setfattr', 'setfacl']
const isAble = needed.every(hasTool) && (await canMount('kernel'))

const KINDS: Readonly<Record<string, { make: readonly string[]; mount: string }>> = {
  xfs: { make: [], mount: 'defaults' },
  // Goes round several times.
  'xfs, small log, small records': { make: ['-l', 'size=6m'], mount: 'logbsize=32k' },
  'xfs, blocks of 1 KiB, folders of 8 KiB, old times': {
    make: ['-b', 'size=1024', '-n', 'size=8192', '-m', 'bigtime=0', '-i', 'sparse=0'],
    mount: 'logbsize=256k',
  },
  'xfs, records of whole stripes, large inodes': {
    make: ['-l', 'su=64k', '-i', 'size=2048', '-d', 'agcount=16'],
    mount: 'defaults',
  },
  'xfs, many extents, all indexes': {
    make: ['-i', 'nrext64=1', '-m', 'rmapbt=1,reflink=1,inobtcount=1'],
    mount: 'defaults',
  },
}

async function makeXfs(t: TestContext, options: readonly string[]): Promise<string> {
  const image = join(await temporaryFolder(t), 'image')
  await writeFile(image, '')
  await truncate(image, 320 * 2 ** 20)
  // With these, mkfs.xfs makes small logs as well.
  await tool(
    'env',
    'TEST_DIR=1',
    'TEST_DEV=1',
    'QA_CHECK_FS=1',
    'mkfs.xfs',
    '-q',
    ...options,
    image,
  )
  return image
}

/** Changes of every kind, with a transaction in the log after each round. */
async function churn(root: string, from: number, to: number): Promise<void> {
  const at = (...names: string[]) => join(root, ...names)
  const long = 'long '.repeat(20)
  for (let round = from; round < to; round++) {
    const folder = at(`folder ${round % 5}`)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
    const files = round % 5 === 1 ? 400 : 60
    for (let i = 0; i < files; i++)
      await writeFile(join(folder, `${long}${i}`), bytesOf(`${round} ${i}`, (i % 40) * 101))
    for (let i = 0; i < files; i += 3) await rm(join(folder, `${long}${i}`))
    await rename(join(folder, `${long}7`), at(`moved in ${round}`))
    await link(join(folder, `${long}8`), at(`linked in ${round}`))
    await symlink(`${'far/'.repeat(round * 20)}${round}`, at(`link of ${round}`))
    await rm(at(`link of ${round - 2}`), { force: true })
    await attributes(join(folder, `${long}8`), round)
    await pieces(at('in pieces'), round)
    await tool('sync', '-f', root)
  }
}

async function attributes(file: string, round: number): Promise<void> {
  const value = `0x${bytesOf(`${round}`, 40 * round * round).toString('hex')}`
  for (const name of ['user.one', 'trusted.two'])
    await tool('setfattr', '-n', name, '-v', value, file)
  await tool('setfacl', '-m', `u:${1000 + round}:rw`, file)
  if (round % 2) await tool('setfattr', '-x', 'user.one', file)
}

/** So many extents that they leave the inode, and come back into it. */
async function pieces(file: string, round: number): Promise<void> {
  await writeFile(file, '', { flag: 'a' })
  const commands = []
  for (let i = 0; i < 40; i++) {
    const at = ((round * 40 + i * 7) % 300) * 8192
    commands.push('-c', round % 4 === 3 ? `fpunch ${at} 40960` : `pwrite -q -S ${round} ${at} 4096`)
  }
  await tool('xfs_io', ...commands, file)
}

for (const [kind, { make, mount }] of Object.entries(KINDS))
  test(`${kind}: a log that was cut is read as the kernel recovers it`, async (t) => {
    if (lacks(t, 'mounting XFS', isAble)) return
    const image = await makeXfs(t, make)
    const folder = join(await temporaryFolder(t), 'mounted')
    const cuts: string[] = []
    const cut = async () => {
      const copy = `${image}.${cuts.length}`
      await tool('cp', '--sparse=always', image, copy)
      cuts.push(copy)
    }
    for (const [from, to] of [
      [0, 4],
      [4, 12],
    ] as const)
      await whileMounted(image, folder, ['mount', '-o', mount], async () => {
        await churn(folder, from, to)
        await cut()
        await rm(join(folder, 'folder 2'), { recursive: true, force: true })
        await writeFile(join(folder, `not synced ${from}`), bytesOf('not synced', 100_000))
        // Ends as by a loss of power: the first time with all of the log, then without the last.
        await tool('xfs_io', '-x', '-c', from === 0 ? 'shutdown -f' : 'shutdown', folder)
        await cut()
      })
    await cut()
    // All of the first kind, of the others what the two losses of power left.
    const compared = kind === 'xfs' ? [0, 1, 2, 3, 4] : [1, 3]
    for (const index of compared)
      await t.test(`cut ${index}`, async () => {
        assert.match(await tool('xfs_logprint', '-t', cuts[index] ?? ''), /<DIRTY>/)
        await compareWithRecovery(cuts[index] ?? '', folder)
      })
    if (kind === 'xfs') await t.test('a record that came half', () => torn(cuts[3] ?? '', folder))
    if (kind === 'xfs') await t.test('a record that is damaged', () => broken(cuts[3] ?? ''))
  })

async function logOf(image: string) {
  const told = await tool('xfs_logprint', '-t', image)
  const [, start, sectors] = /daddr: (\d+) length: (\d+)/.exec(told) ?? []
  const [, tail, head] = /log tail: (\d+) head: (\d+)/.exec(told) ?? []
  const place = (sector: number) => (Number(start) + (sector % Number(sectors))) * 512
  return { place, tail: Number(tail), head: Number(head) }
}

async function garble(image: string, place: number): Promise<void> {
  const file = await open(image, 'r+')
  await file.write(bytesOf('garbled', 100), 0, 100, place)
  await file.close()
}

/** The last record lacks its middle: neither the kernel nor the reader takes it, or warns. */
async function torn(image: string, folder: string): Promise<void> {
  const copy = `${image}.torn`
  await copyFile(image, copy)
  const { place, head } = await logOf(copy)
  await garble(copy, place(head - 1) + 100)
  await compareWithRecovery(copy, folder)
}

/** In the middle, the kernel gives up; the reader says so, and reads what is in its place. */
async function broken(image: string): Promise<void> {
  const copy = `${image}.broken`
  await copyFile(image, copy)
  const { place, tail } = await logOf(copy)
  await garble(copy, place(tail + 1) + 100)
  const reader = await fileReader(copy)
  const system = await openXfs(reader)
  assert.match(system.warnings.join(), /log cannot be replayed .*checksum.*: files and folders/)
  assert.equal((await system.status(system.root)).type, 'folder')
  await reader.close()
}

async function compareWithRecovery(image: string, folder: string): Promise<void> {
  const reader = await fileReader(image)
  try {
    const system = await openXfs(reader)
    assert.deepEqual(system.warnings, [])
    const recovered = `${image}.recovered`
    await copyFile(image, recovered)
    const { entries } = await whileMounted(recovered, folder, ['mount'], () =>
      compareWithMounted(system, folder),
    )
    assert.ok(entries > 200, `${entries}`)
    await rm(recovered)
  } finally {
    await reader.close()
  }
}
