import assert from 'node:assert/strict'
import { mkdir, open, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import {
  GUEST_BYTES,
  guestContent,
  makeImage,
  qemuImg,
  temporaryFolder,
} from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { openNamed, providerOver } from './reading.ts'

const guest = guestContent('refusals', GUEST_BYTES)

/** The offer says why, and opening says the same. */
async function checkRefusal(folder: string, name: string, expected: RegExp): Promise<void> {
  const provider = providerOver(folder)
  const offer = (await provider.offers()).find((one) => one.name === name)
  const [disk] = offer?.disks ?? []
  assert.equal(disk?.protectable, false)
  assert.match(disk.reason, expected)
  const [code] = disk.reason.split(':')
  await assert.rejects(openNamed(provider, name), (error: { code: string; message: string }) => {
    assert.equal(error.code, code)
    assert.ok(disk.reason.includes(error.message))
    return true
  })
}

/** A qcow2 whose header names this as its backing file, without asking whether it is there. */
async function overlay(path: string, backing: string, format = 'raw'): Promise<void> {
  await qemuImg('create', '-q', '-u', '-f', 'qcow2', '-F', format, '-b', backing, path, '1M')
}

async function patch(path: string, at: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.write(bytes, 0, bytes.length, at)
  await handle.close()
}

void test('a backing file outside the protected folders is refused, and both are named', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const root = await temporaryFolder(t)
  const folder = join(root, 'images')
  await mkdir(folder)
  await writeFile(join(root, 'secret.raw'), 'secret')
  await writeFile(join(folder, 'inside.raw'), guest)
  await symlink(join(root, 'secret.raw'), join(folder, 'link.raw'))
  await symlink(root, join(folder, 'up'))
  const outside = ['/etc/passwd', '../secret.raw', 'link.raw', 'up/secret.raw', '../images2/x.raw']
  for (const backing of [...outside, '/etc/does-not-exist', './../images/../secret.raw']) {
    await overlay(join(folder, 'top.qcow2'), backing)
    await checkRefusal(folder, 'top.qcow2', /^backing-file-refused: .*top\.qcow2 names .*outside/)
  }
  const names = (await providerOver(folder).offers()).find(({ name }) => name === 'top.qcow2')
  assert.match(names?.disks[0]?.reason ?? '', /secret\.raw/)
})

void test('a backing name that is no file name is refused', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'inside.raw'), guest)
  const names = ['nbd:localhost:10809', 'file:inside.raw', 'ssh://host/disk']
  names.push('json:{"driver":"file","filename":"inside.raw"}', 'fat:rw:/etc')
  for (const [index, backing] of names.entries()) {
    const path = join(folder, `top${index}.qcow2`)
    // What qemu-img would not write itself: the name is put into the header by hand.
    await overlay(path, 'x'.repeat(backing.length))
    const at = (await readFile(path)).indexOf('x'.repeat(backing.length))
    await patch(path, at, Buffer.from(backing))
    await checkRefusal(
      folder,
      `top${index}.qcow2`,
      /^backing-file-refused: .*not the name of a file/,
    )
  }
})

void test('a backing file that is missing, a folder, or of no known format', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'folder.raw'))
  await writeFile(join(folder, 'base'), guest)
  await overlay(join(folder, 'missing.qcow2'), 'nowhere.raw')
  await overlay(join(folder, 'folder.qcow2'), 'folder.raw')
  await overlay(join(folder, 'other.qcow2'), 'base', 'qed')
  await overlay(join(folder, 'unsaid.qcow2'), 'base')
  // The extension with the backing format becomes one that is ignored.
  const header = await readFile(join(folder, 'unsaid.qcow2'))
  const extension = header.indexOf(Buffer.from('e2792aca', 'hex'))
  await patch(join(folder, 'unsaid.qcow2'), extension, Buffer.from('12345678', 'hex'))
  await checkRefusal(folder, 'missing.qcow2', /^backing-file-refused: .*nowhere\.raw.*missing/)
  await checkRefusal(folder, 'folder.qcow2', /^backing-file-refused: .*folder\.raw.*plain file/)
  await checkRefusal(folder, 'other.qcow2', /^format-unsupported: .*base is of format qed/)
  await checkRefusal(folder, 'unsaid.qcow2', /^backing-file-refused: .*says its format/)
})

void test('every file of a chain is judged, and a chain that is a loop ends', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const folder = await temporaryFolder(t)
  await overlay(join(folder, 'middle.qcow2'), '/etc/passwd')
  await overlay(join(folder, 'top.qcow2'), 'middle.qcow2', 'qcow2')
  await overlay(join(folder, 'one.qcow2'), 'two.qcow2', 'qcow2')
  await overlay(join(folder, 'two.qcow2'), 'one.qcow2', 'qcow2')
  await checkRefusal(folder, 'top.qcow2', /^backing-file-refused: .*middle\.qcow2 names .*passwd/)
  await checkRefusal(folder, 'one.qcow2', /^source-damaged: .*chain/)
})

void test('a folder that is allowed beside the protected ones may hold backing files', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const [folder, templates] = [await temporaryFolder(t), await temporaryFolder(t)]
  await writeFile(join(templates, 'base.raw'), guest)
  await overlay(join(folder, 'top.qcow2'), join(templates, 'base.raw'))
  await checkRefusal(folder, 'top.qcow2', /^backing-file-refused/)
  const provider = providerOver(folder, { allowedFolders: [templates] })
  const view = await openNamed(provider, 'top.qcow2')
  t.after(() => view.close())
  const bytes = Buffer.alloc(8192)
  await view.disks[0]?.reader.read(4096, bytes)
  assert.ok(bytes.equals(guest.subarray(4096, 12288)))
})

void test('external data files, encryption, unknown features, qcow version 1', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const folder = await temporaryFolder(t)
  const at = (name: string) => join(folder, name)
  const options = `data_file=${at('outside.bin')}`
  await qemuImg('create', '-q', '-f', 'qcow2', '-o', options, at('data.qcow2'), '1M')
  for (const name of ['luks.qcow2', 'corrupt.qcow2', 'future.qcow2', 'version1.qcow2'])
    await qemuImg('create', '-q', '-f', 'qcow2', at(name), '1M')
  // Only the header's word: deriving a real key takes seconds.
  await patch(at('luks.qcow2'), 35, Uint8Array.of(2))
  await patch(at('corrupt.qcow2'), 79, Uint8Array.of(2))
  await patch(at('future.qcow2'), 72, Uint8Array.of(0x10))
  await patch(at('version1.qcow2'), 7, Uint8Array.of(1))
  await checkRefusal(folder, 'data.qcow2', /^format-unsupported: .*external data file/)
  await checkRefusal(folder, 'luks.qcow2', /^format-unsupported: .*encrypted/)
  await checkRefusal(folder, 'corrupt.qcow2', /^source-damaged: .*marked it corrupt/)
  await checkRefusal(folder, 'future.qcow2', /^format-unsupported: .*features/)
  await checkRefusal(folder, 'version1.qcow2', /^format-unsupported: .*version 1/)
})

void test('extents of a VMDK lie beside their descriptor, and nowhere else', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const folder = await temporaryFolder(t)
  const path = await makeImage(folder, 'flat.vmdk', guest)
  const text = await readFile(path, 'utf8')
  await symlink('/etc/passwd', join(folder, 'link'))
  const names = [
    '/etc/passwd',
    '../flat-flat.vmdk',
    'sub/flat-flat.vmdk',
    'nbd:host:1',
    '..',
    'link',
  ]
  for (const name of [...names, 'gone.vmdk']) {
    await writeFile(path, text.replace('"flat-flat.vmdk"', `"${name}"`))
    await checkRefusal(folder, 'flat.vmdk', /^backing-file-refused: .*flat\.vmdk names/)
  }
  await writeFile(
    path,
    text.replace('parentCID=ffffffff', 'parentCID=12345678\nparentFileNameHint="/etc/passwd"'),
  )
  await checkRefusal(folder, 'flat.vmdk', /^backing-file-refused: .*\/etc\/passwd/)
  await writeFile(path, text.replace('RW ', 'RDONLY '))
  await checkRefusal(folder, 'flat.vmdk', /^format-unsupported: .*RDONLY/)
  await writeFile(path, text.replace(' FLAT ', ' VMFSSPARSE '))
  await checkRefusal(folder, 'flat.vmdk', /^format-unsupported: .*VMFSSPARSE/)
})

function checksum(bytes: Buffer, at: number): void {
  bytes.writeUInt32BE(0, at)
  let sum = 0
  for (const byte of bytes) sum += byte
  bytes.writeUInt32BE(~sum >>> 0, at)
}

void test('a differencing VHD is refused by name, with its parent', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const folder = await temporaryFolder(t)
  const path = await makeImage(folder, 'dynamic.vhd', guest)
  const image = await readFile(path)
  const header = image.subarray(512, 1536)
  Buffer.from('C:\\VMs\\golden.vhd', 'utf16le').swap16().copy(header, 64)
  checksum(header, 36)
  for (const footer of [image.subarray(0, 512), image.subarray(image.length - 512)]) {
    footer.writeUInt32BE(4, 60)
    checksum(footer, 64)
  }
  await writeFile(path, image)
  await checkRefusal(
    folder,
    'dynamic.vhd',
    /^format-unsupported: .*dynamic\.vhd.*differencing.*golden\.vhd/,
  )
})

void test('a differencing VHDX is refused by name, with its parent', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const folder = await temporaryFolder(t)
  const path = await makeImage(folder, 'dynamic.vhdx', guest)
  const image = await readFile(path)
  const parameters = image.indexOf(Buffer.from('3767a1ca36fa434db3b633f0aa44e76b', 'hex'))
  const table = image.lastIndexOf('metadata', parameters)
  const item = table + image.readUInt32LE(parameters + 16)
  image.writeUInt32LE(image.readUInt32LE(item + 4) | 2, item + 4)
  // A further entry of the metadata table: the parent locator, with one key.
  const count = image.readUInt16LE(table + 10)
  image.writeUInt16LE(count + 1, table + 10)
  const row = table + 32 + count * 32
  const place = 0x20000
  Buffer.from('2d5fd3a80bb34d45abf7d3d84834ab0c', 'hex').copy(image, row)
  const [key, value] = ['relative_path', '.\\golden.vhdx'].map((text) =>
    Buffer.from(text, 'utf16le'),
  )
  assert.ok(key && value)
  const locator = Buffer.alloc(32 + key.length + value.length)
  locator.writeUInt16LE(1, 18)
  locator.writeUInt32LE(32, 20)
  locator.writeUInt32LE(32 + key.length, 24)
  locator.writeUInt16LE(key.length, 28)
  locator.writeUInt16LE(value.length, 30)
  key.copy(locator, 32)
  value.copy(locator, 32 + key.length)
  image.writeUInt32LE(place, row + 16)
  image.writeUInt32LE(locator.length, row + 20)
  locator.copy(image, table + place)
  await writeFile(path, image)
  await checkRefusal(
    folder,
    'dynamic.vhdx',
    /^format-unsupported: .*dynamic\.vhdx.*differencing.*golden\.vhdx/,
  )
})
