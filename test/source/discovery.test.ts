import assert from 'node:assert/strict'
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { ImageView } from '../../agent/source/image-view.ts'
import { openRaw } from '../../agent/source/opened-disk.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import type { Offer, SourceProvider } from '../../agent/source/source.ts'
import {
  GUEST_BYTES,
  guestContent,
  makeImage,
  qemuImg,
  temporaryFolder,
} from '../support/images.ts'
import { openNamed, providerOver } from './reading.ts'

const guest = guestContent('discovery', GUEST_BYTES)

async function put(...path: string[]): Promise<void> {
  await mkdir(join(...path, '..'), { recursive: true })
  await writeFile(join(...path), 'a guest wrote this')
}

async function names(provider: SourceProvider): Promise<string[]> {
  return (await provider.offers()).map(({ name }) => name)
}

async function onlyDisk(provider: SourceProvider, name: string): Promise<Offer['disks'][number]> {
  const offer = (await provider.offers()).find((one) => one.name === name)
  assert.ok(offer?.disks[0], `${name} is offered`)
  return offer.disks[0]
}

void test('images are found by extension, named by their path below the folder', async (t) => {
  const folder = await temporaryFolder(t)
  const found = ['web/root.raw', 'web/deep/er/data.IMG', 'plain.raw', 'a b,c=d%41.raw']
  const skipped = [
    ...['notes.txt', 'raw', 'disk.iso', '.hidden.raw', '.trash/old.raw'],
    ...['web/root.raw.holdfast-r1', 'web/.holdfast-r2.raw', 'web/x.holdfast-tmp.raw'],
  ]
  for (const path of [...found, ...skipped]) await put(folder, path)
  assert.deepEqual((await names(providerOver(folder))).sort(), [...found].sort())
  const disk = await onlyDisk(providerOver(folder), 'web/root.raw')
  assert.deepEqual(disk, {
    name: 'root.raw',
    path: join(folder, 'web/root.raw'),
    format: 'raw',
    sizeBytes: 18,
    protectable: true,
    reason: '',
  })
})

void test('links: to an image inside that has no other name, never to the outside', async (t) => {
  const [folder, outside] = [await temporaryFolder(t), await temporaryFolder(t)]
  await put(outside, 'secret.raw')
  await mkdir(join(outside, 'images'))
  await put(outside, 'images/other.raw')
  await put(folder, 'real.raw')
  await put(folder, '.versions/7.raw')
  await symlink(join(outside, 'secret.raw'), join(folder, 'leak.raw'))
  await symlink(join(outside, 'images'), join(folder, 'leaks'))
  await symlink('real.raw', join(folder, 'second.raw'))
  await symlink('.versions/7.raw', join(folder, 'current.raw'))
  await symlink('nowhere.raw', join(folder, 'dangling.raw'))
  await symlink('.', join(folder, 'loop'))
  assert.deepEqual(await names(providerOver(folder)), ['current.raw', 'real.raw'])
})

void test('an image that becomes a link to the outside after it was offered is not read', async (t) => {
  const [folder, outside] = [await temporaryFolder(t), await temporaryFolder(t)]
  await put(outside, 'secret.raw')
  await symlink(join(outside, 'secret.raw'), join(folder, 'image.raw'))
  const disk = { name: 'd', path: join(folder, 'image.raw'), format: 'raw', folder } as const
  const context = { searchPath: '', clock: systemClock, signal: new AbortController().signal }
  await assert.rejects(ImageView.open([disk], [folder], context), /leads out of/)
  await assert.rejects(openRaw(disk, true, context), /leads out of .*secret\.raw/)
})

void test('with several folders the folder comes first where two would collide', async (t) => {
  const root = await temporaryFolder(t)
  for (const path of ['one/x.raw', 'two/x.raw', 'two/y.raw', 'far/one/x.raw', 'far/one/z.raw'])
    await put(root, path)
  const folders = ['one', 'two', 'far/one', 'far'].map((path) => ({ path: join(root, path) }))
  const base = root.split('/').at(-1)
  assert.deepEqual(
    (await names(providerOver(root, { folders }))).sort(),
    [`${base}/one/x.raw`, 'far/one/x.raw', 'two/x.raw', 'y.raw', 'z.raw'].sort(),
  )
  const keys = (await providerOver(root, { folders }).offers()).map(({ key }) => key)
  assert.equal(new Set(keys).size, 5, 'an image in a folder inside another is offered once')
})

void test('extents of a VMDK are no sources; without their descriptor they are refused', async (t) => {
  const folder = await temporaryFolder(t)
  await makeImage(folder, 'split.vmdk', guest)
  await makeImage(folder, 'flat.vmdk', guest)
  assert.deepEqual(await names(providerOver(folder)), ['flat.vmdk', 'split.vmdk'])
  await rm(join(folder, 'flat.vmdk'))
  const disk = await onlyDisk(providerOver(folder), 'flat-flat.vmdk')
  assert.match(disk.reason, /^source-damaged: .*flat-flat\.vmdk/)
})

void test('declared sources: several images are one, their files are not offered singly', async (t) => {
  const folder = await temporaryFolder(t)
  for (const path of ['a.raw', 'b.raw', 'c.raw', 'x/disk.raw', 'y/disk.raw', 'odd'])
    await put(folder, path)
  await qemuImg('create', '-q', '-f', 'qcow2', join(folder, 'strange.img'), '1M')
  const at = (path: string) => join(folder, path)
  const provider = providerOver(folder, {
    declared: [
      { name: 'web', paths: [at('a.raw'), at('b.raw')] },
      { name: 'pair', paths: [at('x/disk.raw'), at('y/disk.raw')] },
      { name: 'said', paths: [`qcow2:${at('strange.img')}`] },
      { name: 'unsaid', paths: [at('odd')] },
      { name: 'gone', paths: [at('gone.raw')] },
      { name: 'c.raw', paths: [at('missing/c.raw')] },
    ],
  })
  const offers = await provider.offers()
  const base = folder.split('/').at(-1)
  assert.deepEqual(
    offers.map(({ name, disks }) => [name, disks.map((disk) => disk.name).join()]),
    [
      ['web', 'a.raw,b.raw'],
      ['pair', 'x/disk.raw,y/disk.raw'],
      ['said', 'strange.img'],
      ['unsaid', 'odd'],
      ['gone', 'gone.raw'],
      ['c.raw', 'c.raw'],
      [`${base}/c.raw`, 'c.raw'],
    ],
  )
  assert.equal((await onlyDisk(provider, 'said')).sizeBytes, 2 ** 20)
  assert.match(
    (await onlyDisk(provider, 'unsaid')).reason,
    /^source-not-protectable: .*format.*odd/,
  )
  assert.match(
    (await onlyDisk(provider, 'gone')).reason,
    /^source-missing: .*gone\.raw is not there/,
  )
  await assert.rejects(openNamed(provider, 'gone'), { code: 'source-missing' })
  await assert.rejects(openNamed(provider, 'unsaid'), { code: 'source-not-protectable' })
  const view = await openNamed(provider, 'web', ['a.raw'])
  t.after(() => view.close())
  assert.deepEqual(
    view.disks.map(({ name }) => name),
    ['b.raw'],
  )
  await assert.rejects(openNamed(provider, 'web', ['a.raw', 'b.raw']), /excluded/)
})

void test('what comes and goes shows at the next look, and is told', async (t) => {
  const folder = await temporaryFolder(t)
  await put(folder, 'first.raw')
  const provider = providerOver(folder)
  assert.deepEqual(await names(provider), ['first.raw'])
  const told = new Promise<void>((resolve) => {
    t.after(provider.watch(resolve))
  })
  await put(folder, 'second.raw')
  await rename(join(folder, 'first.raw'), join(folder, 'renamed.raw'))
  await told
  assert.deepEqual(await names(provider), ['renamed.raw', 'second.raw'])
  await assert.rejects(
    provider.open(`image:${join(folder, 'first.raw')}`, {
      excludeDisks: [],
      signal: new AbortController().signal,
    }),
    { code: 'source-missing' },
  )
})

void test('only what was offered can be opened, whatever the key says', async (t) => {
  const folder = await temporaryFolder(t)
  const options = { excludeDisks: [], signal: new AbortController().signal }
  for (const key of ['image:/etc/passwd', '/etc/passwd', `image:${folder}/../x.raw`, ''])
    await assert.rejects(providerOver(folder).open(key, options), { code: 'source-missing' })
})

void test('an empty image, a name that is not UTF-8, a folder that is missing', async (t) => {
  const folder = await temporaryFolder(t)
  await put(folder, 'empty.raw')
  await truncate(join(folder, 'empty.raw'))
  await qemuImg('create', '-q', '-f', 'qcow2', join(folder, 'empty.qcow2'), '0')
  await writeFile(Buffer.from(`${folder}/na\xefve.raw`, 'latin1'), 'x')
  const provider = providerOver(folder, { folders: [{ path: folder }, { path: `${folder}/gone` }] })
  assert.match((await onlyDisk(provider, 'empty.raw')).reason, /empty\.raw is empty: .* 0 bytes/)
  assert.match((await onlyDisk(provider, 'empty.qcow2')).reason, /^source-not-protectable/)
  assert.match((await onlyDisk(provider, 'na%EFve.raw')).reason, /not UTF-8.*rename/)
  for (const name of ['empty.raw', 'empty.qcow2', 'na%EFve.raw'])
    await assert.rejects(openNamed(provider, name), { code: 'source-not-protectable' })
})

void test('without qemu-nbd raw images can be protected, others say what is missing', async (t) => {
  const folder = await temporaryFolder(t)
  await put(folder, 'plain.raw')
  await makeImage(folder, 'plain.qcow2', guest)
  const provider = providerOver(folder, { searchPath: '' })
  const disk = await onlyDisk(provider, 'plain.qcow2')
  assert.equal(disk.sizeBytes, GUEST_BYTES)
  assert.match(disk.reason, /^tool-missing: .*qemu-nbd.*qemu-utils/)
  assert.equal((await onlyDisk(provider, 'plain.raw')).protectable, true)
  await assert.rejects(openNamed(provider, 'plain.qcow2'), { code: 'tool-missing' })
  const view = await openNamed(provider, 'plain.raw')
  t.after(() => view.close())
  const bytes = Buffer.alloc(18)
  await view.disks[0]?.reader.read(0, bytes)
  assert.equal(bytes.toString(), 'a guest wrote this')
})
