import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { SourceView } from '../../agent/source/source.ts'
import { GUEST_BYTES, guestContent, temporaryFolder } from '../support/images.ts'
import { lacks, lacksRoot, lacksTool } from '../support/needs.ts'
import { checkAllocation, openNamed, providerOver, readAll } from './reading.ts'

const run = promisify(execFile)

/** A loop device over a file of these bytes; undefined where the machine has none. */
async function loopOver(t: TestContext, bytes: Buffer): Promise<string | undefined> {
  if (lacksRoot(t) || lacksTool(t, 'losetup')) return undefined
  const file = join(await temporaryFolder(t), 'behind')
  await writeFile(file, bytes)
  const device = await run('losetup', ['-f', '--show', file]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
  if (lacks(t, 'loop devices', device !== undefined) || device === undefined) return undefined
  t.after(() => run('losetup', ['-d', device]))
  return device
}

async function openDevice(t: TestContext, device: string): Promise<SourceView> {
  const folder = await temporaryFolder(t)
  const provider = providerOver(folder, { declared: [{ name: 'data', paths: [device] }] })
  const [offer] = await provider.offers()
  assert.equal(offer?.kind, 'block-device')
  assert.equal(offer.disks[0]?.format, 'raw')
  assert.equal(offer.disks[0].reason, '')
  const view = await openNamed(provider, 'data')
  t.after(() => view.close())
  return view
}

const guest = guestContent('device', GUEST_BYTES)

void test('a block device is read to its last sector, all of it as data', async (t) => {
  const device = await loopOver(t, guest)
  if (device === undefined) return
  const view = await openDevice(t, device)
  const [disk] = view.disks
  assert.equal(disk?.sizeBytes, GUEST_BYTES)
  assert.ok(disk.rawPath)
  const bytes = await readAll(disk.reader)
  assert.ok(bytes.equals(guest))
  assert.equal(await checkAllocation(disk.reader, bytes), 0)
  assert.deepEqual(await view.settled(), { settled: true, consistency: 'cold' })
})

void test('a write to the device is noticed, though it leaves no time behind', async (t) => {
  const device = await loopOver(t, guest)
  if (device === undefined) return
  const view = await openDevice(t, device)
  const handle = await open(device, 'r+')
  await handle.write(Buffer.alloc(4096, 5), 0, 4096, 8192)
  const open1 = await view.settled()
  assert.ok(!open1.settled && /is open for writing by/.test(open1.reason))
  await handle.close()
  const settlement = await view.settled()
  assert.ok(!settlement.settled && /was written while it was read/.test(settlement.reason))
  assert.deepEqual(await view.settled({ equalPass: true }), { settled: true, consistency: 'crash' })
})

void test('a mounted device does not settle; a second pass reads the device, not its cache', async (t) => {
  if (lacksTool(t, 'mkfs.ext4')) return
  const device = await loopOver(t, Buffer.alloc(16 * 2 ** 20))
  if (device === undefined) return
  await run('mkfs.ext4', ['-q', device])
  const mountpoint = join(await temporaryFolder(t), 'mnt')
  await mkdir(mountpoint)
  await run('mount', [device, mountpoint])
  try {
    await checkMounted(await openDevice(t, device), mountpoint)
  } finally {
    await run('umount', [mountpoint])
  }
})

async function checkMounted(view: SourceView, mountpoint: string): Promise<void> {
  const [disk] = view.disks
  assert.ok(disk)
  const needle = Buffer.from('written by the file system past the cache of the device')
  assert.equal((await readAll(disk.reader)).includes(needle), false)
  const file = await open(join(mountpoint, 'file'), 'w')
  await file.write(Buffer.concat([needle, Buffer.alloc(1_000_000, 3)]))
  await file.sync()
  await file.close()
  const settlement = await view.settled()
  assert.ok(!settlement.settled && /mounted|written/.test(settlement.reason))
  await view.again()
  assert.equal((await readAll(disk.reader)).includes(needle), true)
}
