import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import test from 'node:test'
import { QEMU_DRIVERS, formatByExtension } from '../../agent/source/image-format.ts'
import {
  GUEST_BYTES,
  IMAGE_KINDS,
  IMAGE_NAMES,
  guestBytes,
  guestContent,
  makeImage,
  qemuImg,
  qemuIo,
  temporaryFolder,
} from '../support/images.ts'
import { checkAllocation, openNamed, providerOver, readAll } from './reading.ts'

/** Reads a source of one disk whole and compares it with what qemu-img reads. */
async function checkReading(folder: string, name: string): Promise<Buffer> {
  const driver = QEMU_DRIVERS[formatByExtension(name) ?? 'raw']
  const expected = await guestBytes(join(folder, name), driver)
  const view = await openNamed(providerOver(folder), name)
  try {
    const [disk] = view.disks
    assert.ok(disk)
    assert.equal(disk.name, basename(name))
    assert.equal(disk.sizeBytes, expected.length)
    const bytes = await readAll(disk.reader)
    assert.ok(bytes.equals(expected), `${name} reads as qemu-img reads it`)
    await checkAllocation(disk.reader, bytes)
    assert.deepEqual(await view.settled(), { settled: true, consistency: 'cold' })
    return bytes
  } finally {
    await view.close()
  }
}

const guest = guestContent('formats', GUEST_BYTES)

for (const kind of IMAGE_NAMES)
  void test(`${kind} reads as the guest sees it`, async (t) => {
    const folder = await temporaryFolder(t)
    await makeImage(folder, kind, guest)
    const bytes = await checkReading(folder, kind)
    assert.ok(bytes.subarray(0, guest.length).equals(guest))
    assert.equal(bytes.length === guest.length, kind !== 'rounded.vhd')
    const [offer] = await providerOver(folder).offers()
    assert.equal(offer?.disks[0]?.sizeBytes, bytes.length, 'the offer knows the size by itself')
    assert.equal(offer?.disks[0]?.format, formatByExtension(kind))
    assert.ok(IMAGE_KINDS[kind].length > 0)
  })

void test('zero ranges of sparse images are reported, not read', async (t) => {
  const folder = await temporaryFolder(t)
  const kinds = ['plain.qcow2', 'dynamic.vhd', 'sparse.vmdk', 'dynamic.vhdx'] as const
  for (const kind of kinds) {
    await makeImage(folder, kind, guestContent('zeros', 8 * 2 ** 20).fill(0, 2 ** 20, 6 * 2 ** 20))
    const view = await openNamed(providerOver(folder), kind)
    t.after(() => view.close())
    const [disk] = view.disks
    assert.ok(disk)
    const zeroBytes = await checkAllocation(disk.reader, await readAll(disk.reader))
    assert.ok(zeroBytes >= 2 * 2 ** 20, `${kind}: ${zeroBytes} bytes are known to be zeros`)
  }
})

void test('a VHDX of many blocks: the entries between those of its table are stepped over', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'many.vhdx')
  await qemuImg('create', '-q', '-f', 'vhdx', '-o', 'block_size=1M', path, '9000M')
  await qemuIo(path, 'vhdx', 'write -P 1 0 1k', 'write -P 2 4096M 1k', 'write -P 3 8999M 1k')
  const view = await openNamed(providerOver(folder), 'many.vhdx')
  t.after(() => view.close())
  const data: number[] = []
  for await (const { offset, zero } of view.disks[0]?.reader.allocation() ?? [])
    if (!zero) data.push(offset / 2 ** 20)
  assert.deepEqual(data, [0, 4096, 8999])
})

void test('a chain of backing files is one disk; snapshots inside are left alone', async (t) => {
  const folder = await temporaryFolder(t)
  await makeImage(folder, 'plain.qcow2', guest)
  const [middle, top] = [join(folder, 'middle.qcow2'), join(folder, 'top.qcow2')]
  await qemuImg('create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', 'plain.qcow2', middle)
  await qemuIo(middle, 'qcow2', 'write -P 0x5a 64k 200k', 'write -z 300k 100k')
  // The middle is named by its whole path, as libvirt does, and lies in the folder all the same.
  await qemuImg('create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', middle, top, '9M')
  await qemuImg('snapshot', '-c', 'before', top)
  await qemuIo(top, 'qcow2', 'write -P 0x66 5M 3M')
  const bytes = await checkReading(folder, 'top.qcow2')
  assert.equal(bytes[64 * 1024], 0x5a)
  assert.equal(bytes[300 * 1024], 0)
  assert.equal(bytes[6 * 2 ** 20], 0x66)
  assert.ok(bytes.subarray(2 ** 21, 2 ** 22).equals(guest.subarray(2 ** 21, 2 ** 22)))
})

void test('a VMDK with a parent, and a qcow2 over a raw file', async (t) => {
  const folder = await temporaryFolder(t)
  await makeImage(folder, 'sparse.vmdk', guest)
  await writeFile(join(folder, 'base.img'), guest)
  const child = join(folder, 'child.vmdk')
  await qemuImg('create', '-q', '-f', 'vmdk', '-F', 'vmdk', '-b', 'sparse.vmdk', child)
  await qemuIo(child, 'vmdk', 'write -P 0x21 70k 3k')
  const over = join(folder, 'over.qcow2')
  await qemuImg('create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', 'base.img', over)
  await qemuIo(over, 'qcow2', 'write -P 0x22 4M 3k')
  assert.equal((await checkReading(folder, 'child.vmdk'))[70 * 1024], 0x21)
  assert.equal((await checkReading(folder, 'over.qcow2'))[4 * 2 ** 20], 0x22)
})

void test('a raw image is never probed: a header written by its guest leads nowhere', async (t) => {
  const folder = await temporaryFolder(t)
  const forged = join(folder, 'forged.qcow2')
  await qemuImg('create', '-q', '-u', '-f', 'qcow2', '-F', 'raw', '-b', '/etc/passwd', forged, '1M')
  const { readFile, rename } = await import('node:fs/promises')
  await rename(forged, join(folder, 'guest.raw'))
  const header = await readFile(join(folder, 'guest.raw'))
  const view = await openNamed(providerOver(folder), 'guest.raw')
  t.after(() => view.close())
  assert.ok(view.disks[0] && (await readAll(view.disks[0].reader)).equals(header))
})
