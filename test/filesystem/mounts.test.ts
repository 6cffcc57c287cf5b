import assert from 'node:assert/strict'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { fetchPaths } from '../../core/filesystem/browse/fetch-paths.ts'
import { parseFstab } from '../../core/filesystem/browse/fstab.ts'
import { locate, parseAddress } from '../../core/filesystem/browse/locate.ts'
import { GuestVolumes } from '../../core/filesystem/browse/volumes.ts'
import { volumeId } from '../../core/filesystem/browse/volume-id.ts'
import { probe } from '../../core/filesystem/probe.ts'
import { fileReader, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'

const MIB = 2 ** 20

/** Images one after the other, each a partition of a GPT. */
async function disk(t: TestContext, path: string, images: readonly string[], size: number) {
  const sectors = size / 512
  const lines = images.map((_, at) => `start=${2048 + at * sectors},size=${sectors},name=part${at}`)
  await tool('truncate', '-s', String(2 * MIB + images.length * size), path)
  await tool(
    'sh',
    '-c',
    `printf '%s\n' "$0" | sfdisk -q --no-reread --no-tell-kernel "$1"`,
    ['label: gpt', ...lines].join('\n'),
    path,
  )
  for (const [at, image] of images.entries()) {
    const where = [`if=${image}`, `of=${path}`, `seek=${1 + (at * size) / MIB}`]
    await tool('dd', ...where, 'bs=1M', 'conv=notrunc', 'status=none')
  }
  const reader = await fileReader(path)
  t.after(() => reader.close())
  return reader
}

async function content(volumes: GuestVolumes, path: string): Promise<string> {
  let text = ''
  for await (const part of fetchPaths(volumes, [Buffer.from(path)])) {
    if ('failed' in part) throw new Error(part.failed.failure.message)
    if ('data' in part) text += Buffer.from(part.data).toString()
  }
  return text
}

async function warnings(volumes: GuestVolumes, path: string): Promise<string[]> {
  const found: string[] = []
  for await (const part of fetchPaths(volumes, [Buffer.from(path)]))
    if ('warnings' in part) found.push(...part.warnings)
  return found
}

test('paths are those of the guest, by its own fstab', async (t) => {
  if (lacksTool(t, 'mkfs.xfs') || lacksTool(t, 'mcopy') || lacksTool(t, 'sfdisk')) return
  const folder = await temporaryFolder(t)
  const at = (name: string) => join(folder, name)
  const [homeId, size] = ['0fc63daf-8483-4772-8e79-3d69d8477de4', 300 * MIB]
  for (const one of [
    'root/etc',
    'root/home',
    'root/boot/efi',
    'root/srv',
    'root/data dir',
    'home/ann',
    'var',
  ])
    await mkdir(at(one), { recursive: true })
  const fstab = [
    '# a comment',
    'LABEL=top / ext4 defaults 0 1',
    `UUID=${homeId}\t/home ext4 defaults 0 2`,
    'UUID=1234-ABCD /boot/efi vfat umask=0077 0 1',
    '/dev/vdb1 /data\\040dir xfs defaults 0 0',
    'PARTLABEL=part1 /twice ext4 ro 0 0',
    '/dev/vdz9 /missing ext4 defaults 0 0',
    'tmpfs /srv tmpfs size=1G 0 0',
    'proc /proc proc defaults 0 0',
  ]
  await writeFile(at('root/etc/fstab'), `${fstab.join('\n')}\n`)
  await writeFile(at('root/etc/name'), 'of the root')
  await writeFile(at('root/srv/in root'), 'below a tmpfs')
  await symlink('/home/ann', at('root/ann'))
  await writeFile(at('home/ann/letter'), 'dear')
  await symlink('/etc/name', at('home/ann/name'))
  await mkdir(at('home/etc'))
  await writeFile(at('home/etc/name'), 'of the home')
  const ext = async (name: string, tree: string, ...more: string[]) => {
    await tool('truncate', '-s', String(size), at(name))
    await tool('mkfs.ext4', '-q', '-F', '-d', at(tree), ...more, at(name))
  }
  await ext('root.img', 'root', '-L', 'top')
  await ext('home.img', 'home', '-U', homeId)
  await tool('truncate', '-s', String(size), at('efi.img'))
  await tool('mkfs.fat', '-F', '32', '-i', '1234abcd', at('efi.img'))
  await writeFile(at('grub.cfg'), 'menu')
  await tool('mcopy', '-i', at('efi.img'), at('grub.cfg'), '::grub.cfg')
  await tool('truncate', '-s', String(size), at('data.img'))
  await writeFile(at('proto'), `/\n0 0\nd--755 0 0\nbig ---644 0 0 ${at('grub.cfg')}\n$\n`)
  await tool('mkfs.xfs', '-q', '-p', at('proto'), at('data.img'))
  const first = await disk(
    t,
    at('a.raw'),
    ['root', 'home', 'efi'].map((one) => at(`${one}.img`)),
    size,
  )
  const second = await disk(t, at('b.raw'), [at('data.img')], size)
  const volumes = new GuestVolumes([
    { name: 'a', reader: first },
    { name: 'b', reader: second },
  ])

  assert.equal(await content(volumes, '/home/ann/letter'), 'dear')
  assert.equal(await content(volumes, '/ann/letter'), 'dear', 'a link into another file system')
  assert.equal(await content(volumes, '/ann/name/'), 'of the root', 'and one back')
  assert.equal(await content(volumes, '/home/ann/../../etc/name'), 'of the root')
  assert.equal(await content(volumes, '/etc/name'), 'of the root', 'two partitions have it')
  assert.equal(await content(volumes, 'a:2:/etc/name'), 'of the home')
  assert.equal(await content(volumes, '/home/etc/name'), 'of the home')
  assert.equal(await content(volumes, '/boot/efi/grub.cfg'), 'menu')
  assert.equal(await content(volumes, '/data dir/big'), 'menu')
  assert.equal(await content(volumes, '/twice/ann/letter'), 'dear')
  assert.equal(await content(volumes, '/srv/in root'), 'below a tmpfs')
  assert.equal(await content(volumes, '/grub.cfg'), 'menu', 'where only one has it')
  await assert.rejects(content(volumes, '/missing/x'), /there is no/)
  const place = await locate(volumes, parseAddress(Buffer.from('/home')), { followLast: true })
  assert.equal(place.volume.name, 'a:2')
  const below = (await warnings(volumes, '/boot')).filter((text) => text.includes('mounted'))
  assert.deepEqual(below, ['/boot/efi is mounted from elsewhere: fetch it by itself'])
})

test('a btrfs is mounted from its subvolumes', async (t) => {
  if (lacksTool(t, 'mkfs.btrfs') || lacksTool(t, 'sfdisk')) return
  const folder = await temporaryFolder(t)
  const at = (name: string) => join(folder, name)
  for (const one of ['tree/@/etc', 'tree/@home/ann']) await mkdir(at(one), { recursive: true })
  const id = '11111111-2222-4333-8444-555555555555'
  const lines = [
    `UUID=${id} / btrfs rw,subvol=@ 0 0`,
    `UUID=${id} /home btrfs subvol=/@home,rw 0 0`,
  ]
  await writeFile(at('tree/@/etc/fstab'), lines.join('\n'))
  await writeFile(at('tree/@home/ann/letter'), 'dear')
  await tool('truncate', '-s', '256M', at('top.img'))
  await tool('mkfs.btrfs', '-q', '-U', id, '--rootdir', at('tree'), at('top.img'))
  const reader = await fileReader(at('top.img'))
  t.after(() => reader.close())
  const volumes = new GuestVolumes([{ name: 'top', reader }])
  assert.equal(await content(volumes, '/home/ann/letter'), 'dear')
  assert.match(await content(volumes, '/etc/fstab'), /subvol=@ /)
  assert.equal(await content(volumes, '/@home/ann/letter'), 'dear', 'from the top, too')
})

test('names of file systems are those that blkid shows', async (t) => {
  if (['blkid', 'mkfs.exfat', 'mkntfs', 'mkfs.btrfs'].some((name) => lacksTool(t, name))) return
  const folder = await temporaryFolder(t)
  for (const [kind, ...make] of [
    ['ext4', 'mkfs.ext4', '-q', '-F'],
    ['xfs', 'mkfs.xfs', '-q'],
    ['btrfs', 'mkfs.btrfs', '-q'],
    ['ntfs', 'mkntfs', '-q', '-F', '-f'],
    ['exfat', 'mkfs.exfat'],
    ['fat16', 'mkfs.fat', '-F', '16'],
    ['fat32', 'mkfs.fat', '-F', '32'],
  ] as const) {
    const image = join(folder, kind)
    await tool('truncate', '-s', '320M', image)
    await tool(make[0], ...make.slice(1), image)
    const reader = await fileReader(image)
    const ours = await volumeId(await probe(reader), reader)
    await reader.close()
    const theirs = (await tool('blkid', '-p', '-o', 'value', '-s', 'UUID', image)).trim()
    assert.equal(ours, theirs.toLowerCase(), kind)
  }
})

test('lines that are no mounts are left out', () => {
  const lines = [
    ...['a', '', '#x /y ext4', '  UUID=1  /a/../b ext4', '/dev/sda1 none swap sw 0 0'],
    ...['LABEL="top" /c/ ext4 ro,subvol=/x', '\t/dev/sdb1\t/d\\040e//f\text4'],
  ]
  assert.deepEqual(parseFstab(Buffer.from(lines.join('\n'))), [
    { what: 'LABEL=top', at: '/c', options: ['ro', 'subvol=/x'] },
    { what: '/dev/sdb1', at: '/d e/f', options: [''] },
  ])
  assert.ok(parseFstab(Buffer.alloc(100_000, '/a /b c\n')).length <= 512)
})
