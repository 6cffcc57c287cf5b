import assert from 'node:assert/strict'
import { copyFile, link, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openExt } from '../../core/filesystem/ext/ext-file-system.ts'
import { bytesOf, fileReader, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { compareWithMounted, mounted } from '../support/mounted.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'

/** As the kernel writes them, with all that only it can make. */
async function fill(folder: string): Promise<void> {
  const at = (...names: string[]) => join(folder, ...names)
  await mkdir(at('indexed'))
  for (let i = 0; i < 4000; i++) await writeFile(at('indexed', `${'name '.repeat(i % 9)}${i}`), '')
  for (let i = 0; i < 4000; i += 3) await rm(at('indexed', `${'name '.repeat(i % 9)}${i}`))
  for (let i = 0; i < 300; i++)
    await writeFile(at('indexed', `again ${i}`), bytesOf(`${i}`, i * 31))
  await writeFile(at('fragmented'), '')
  const scatter = Array.from({ length: 200 }, (_, i) => (i * 89) % 200)
  for (const i of scatter) await tool('dd', ...pieceOf(at('fragmented'), i))
  await writeFile(at('owned'), bytesOf('owned', 70_000), { mode: 0o4751 })
  await tool('chown', '100000:70000', at('owned'))
  await tool('chmod', '4751', at('owned'))
  await tool('mknod', at('character'), 'c', '5', '1')
  await tool('mknod', at('block'), 'b', '259', '7')
  await tool('mkfifo', at('fifo'))
  await link(at('owned'), at('indexed', 'other name'))
  await symlink('x'.repeat(900), at('long link'))
  await tool('touch', '-d', '2040-05-06 07:08:09.123456789', at('fifo'))
  await tool('touch', '-d', '1955-05-06 07:08:09.987654321', at('character'))
}

function pieceOf(file: string, i: number): string[] {
  return ['if=/dev/urandom', `of=${file}`, 'bs=1024', `seek=${i * 3}`, 'count=1', 'conv=notrunc']
}

/** Space that is reserved and not written, and holes made later: with extents only. */
async function reserve(folder: string): Promise<void> {
  await tool('fallocate', '-l', '3M', join(folder, 'unwritten'))
  await writeFile(join(folder, 'beyond the end'), 'short')
  await tool('fallocate', '-n', '-l', '1M', join(folder, 'beyond the end'))
  await tool('fallocate', '-p', '-o', '20480', '-l', '8192', join(folder, 'owned'))
}

async function addAttributes(folder: string): Promise<void> {
  const file = join(folder, 'attributes')
  await writeFile(file, 'x')
  const set = (name: string, value: string, path = file) =>
    tool('setfattr', '-h', '-n', name, '-v', value, path)
  await set('user.short', 'value')
  await set('user.empty', '')
  await set('user.long', 'v'.repeat(500))
  await set('trusted.one', 'root only')
  await set('security.other', 'label')
  const list =
    '0x0200000001000600ffffffff02000400e803000004000400ffffffff10000600ffffffff20000400ffffffff'
  await set('system.posix_acl_access', list)
  await mkdir(join(folder, 'folder with a list'))
  await set('system.posix_acl_default', list, join(folder, 'folder with a list'))
  await symlink('somewhere', join(folder, 'link'))
  await set('trusted.of-link', 'value', join(folder, 'link'))
}

const KINDS: Readonly<Record<string, readonly string[]>> = {
  ext4: ['-t', 'ext4', '-b', '1024'],
  'ext4 with inline data': ['-t', 'ext4', '-b', '4096', '-O', 'inline_data', '-I', '1024'],
  'ext4 with large values': ['-t', 'ext4', '-b', '1024', '-O', 'ea_inode'],
  ext3: ['-t', 'ext3', '-b', '1024'],
  ext2: ['-t', 'ext2', '-b', '4096'],
}

async function makeEmpty(t: TestContext, options: readonly string[], size: string) {
  const image = join(await temporaryFolder(t), 'image')
  await writeFile(image, '')
  await truncate(image, 0)
  await tool('truncate', '-s', size, image)
  await tool('mke2fs', '-q', '-F', ...options, image)
  return image
}

for (const [kind, options] of Object.entries(KINDS))
  test(`${kind}: what the kernel wrote is read as the kernel reads it`, async (t) => {
    if (lacksRoot(t) || lacksTool(t, 'setfattr')) return
    const image = await makeEmpty(t, [...options, '-N', '8000'], '64M')
    const first = await mounted(t, image)
    await fill(first.folder)
    await addAttributes(first.folder)
    if (kind.startsWith('ext4')) await reserve(first.folder)
    if (kind.endsWith('large values'))
      await tool(
        'setfattr',
        '-n',
        'user.huge',
        '-v',
        'h'.repeat(9000),
        join(first.folder, 'attributes'),
      )
    await first.unmount()
    const again = await mounted(t, image, 'ro')
    const reader = await fileReader(image)
    t.after(() => reader.close())
    const system = await openExt(reader)
    const { entries } = await compareWithMounted(system, again.folder)
    assert.ok(entries > 2900, `${entries}`)
    assert.deepEqual(system.warnings, [])
  })

const JOURNALS: Readonly<Record<string, readonly [make: readonly string[], mount: string]>> = {
  'ext4, checksums v3': [['-t', 'ext4'], ''],
  'ext4, 32 bit, no checksums': [['-t', 'ext4', '-O', '^64bit,^metadata_csum'], ''],
  'ext4, 32 bit, checksums v3': [['-t', 'ext4', '-O', '^64bit'], ''],
  'ext4, checksums v1': [['-t', 'ext4', '-O', '^metadata_csum'], 'journal_checksum'],
  'ext4, data in the journal': [['-t', 'ext4'], 'data=journal'],
  ext3: [['-t', 'ext3'], ''],
}

/** Makes, changes, moves and deletes, with a transaction of the journal after each round. */
async function churn(folder: string): Promise<void> {
  for (let round = 0; round < 12; round++) {
    const name = join(folder, `folder ${round % 5}`)
    await rm(name, { recursive: true, force: true })
    await mkdir(name)
    for (let i = 0; i < 60; i++)
      await writeFile(
        join(name, `${'long '.repeat(20)}${i}`),
        bytesOf(`${round} ${i}`, 700 + i * 101),
      )
    await rename(join(name, `${'long '.repeat(20)}7`), join(folder, `moved in ${round}`))
    // The journal's own magic number at the start of a block has to be escaped there.
    await writeFile(join(folder, 'magic'), Buffer.from('c03b3998'.repeat(5000), 'hex'))
    await tool('sync', '-f', folder)
  }
  await rm(join(folder, 'folder 3'), { recursive: true })
}

for (const [kind, [make, options]] of Object.entries(JOURNALS))
  test(`${kind}: a journal that was cut is read as the kernel recovers it`, async (t) => {
    if (lacksRoot(t)) return
    const image = await makeEmpty(t, [...make, '-b', '1024', '-J', 'size=4'], '48M')
    const running = await mounted(t, image, options)
    const cuts: string[] = []
    const cut = async () => {
      const copy = `${image}.${cuts.push('') - 1}`
      cuts[cuts.length - 1] = copy
      await tool('cp', image, copy)
    }
    await writeFile(join(running.folder, 'first'), bytesOf('first', 5000))
    await tool('sync', '-f', running.folder)
    await cut()
    await churn(running.folder)
    await tool('sync', '-f', running.folder)
    await cut()
    await writeFile(join(running.folder, 'not synced'), bytesOf('not synced', 100_000))
    await cut()
    let moved = 0
    for (const copy of cuts) {
      const reader = await fileReader(copy)
      t.after(() => reader.close())
      const system = await openExt(reader)
      assert.deepEqual(system.warnings, [])
      moved += (await tool('dumpe2fs', '-h', copy)).includes('needs_recovery') ? 1 : 0
      const recovered = `${copy}.recovered`
      await copyFile(copy, recovered)
      const kernel = await mounted(t, recovered)
      await compareWithMounted(system, kernel.folder)
      await kernel.unmount()
    }
    assert.equal(moved, cuts.length, 'each cut needs recovery')
  })
