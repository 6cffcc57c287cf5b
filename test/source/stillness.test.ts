import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { findWriters } from '../../agent/source/open-files.ts'
import type { Settlement, SourceView } from '../../agent/source/source.ts'
import {
  GUEST_BYTES,
  guestContent,
  makeImage,
  qemuImg,
  qemuIo,
  temporaryFolder,
} from '../support/images.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'
import { openNamed, providerOver, readAll } from './reading.ts'

const SEARCH_PATH = process.env['PATH'] ?? ''
const guest = guestContent('stillness', GUEST_BYTES)

/** A raw image, opened and read once. */
async function readOnce(t: TestContext): Promise<{ view: SourceView; path: string }> {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'disk.raw')
  await writeFile(path, guest)
  const view = await openNamed(providerOver(folder), 'disk.raw')
  t.after(() => view.close())
  assert.ok(view.disks[0])
  await readAll(view.disks[0].reader)
  return { view, path }
}

function checkUnsettled(settlement: Settlement, reason: RegExp): void {
  assert.ok(!settlement.settled, 'it is not one instant')
  assert.match(settlement.reason, reason)
}

const EQUAL = { equalPass: true }
const CRASH = { settled: true, consistency: 'crash' }

/** A process other than ours that has the file open, until the test ends. */
async function holder(t: TestContext, script: string, path: string): Promise<number> {
  const child = spawn('perl', ['-e', `${script}; $| = 1; print "ready"; sleep 600`, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

void test('nobody had it open and nothing changed: cold', async (t) => {
  const { view } = await readOnce(t)
  assert.deepEqual(await view.settled(), { settled: true, consistency: 'cold' })
})

void test('a write during the read is noticed, also when its time is put back', async (t) => {
  const { view, path } = await readOnce(t)
  const before = await stat(path)
  const handle = await open(path, 'r+')
  await handle.write('x', 4096)
  await handle.close()
  await utimes(path, before.atime, before.mtime)
  checkUnsettled(await view.settled(), /disk\.raw was written while it was read/)
  assert.deepEqual(await view.settled(EQUAL), CRASH, 'two equal passes are one instant')
})

void test('a write through memory is noticed', async (t) => {
  if (lacksTool(t, 'python3')) return
  const { view, path } = await readOnce(t)
  const script =
    'import mmap,sys\nf=open(sys.argv[1],"r+b")\nm=mmap.mmap(f.fileno(),0)\nm[5000]=1\nm.close()'
  await once(spawn('python3', ['-c', script, path], { stdio: 'inherit' }), 'exit')
  checkUnsettled(await view.settled(), /was written/)
})

void test('whoever has it open for writing is named; reading it does no harm', async (t) => {
  const { view, path } = await readOnce(t)
  await holder(t, 'open(my $f, "<", $ARGV[0]) or die', path)
  assert.deepEqual(await view.settled(), { settled: true, consistency: 'cold' })
  const pid = await holder(t, 'open(my $f, "+<", $ARGV[0]) or die', path)
  checkUnsettled(await view.settled(), new RegExp(`open for writing by perl \\(${pid}\\)`))
  assert.deepEqual(await view.settled(EQUAL), CRASH)
})

void test('a writer at the start counts, though it left before the end', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'disk.raw')
  await writeFile(path, guest)
  const writer = await open(path, 'r+')
  const view = await openNamed(providerOver(folder), 'disk.raw')
  t.after(() => view.close())
  await writer.close()
  checkUnsettled(await view.settled(), /is open for writing by/)
})

void test('without leases the processes tell, by descriptor and by mapping', async (t) => {
  if (lacksRoot(t)) return
  const folder = await temporaryFolder(t)
  const path = join(folder, 'disk.raw')
  await writeFile(path, guest)
  // Free, or unknown where a sandbox hides even from root what its own processes have mapped.
  assert.notEqual((await findWriters([path], ''))[0]?.state, 'open')
  const pid = await holder(t, 'open(my $f, ">>", $ARGV[0]) or die', path)
  const [writer] = await findWriters([path], '')
  assert.deepEqual(writer, { state: 'open', who: `perl (${pid})` })
  if (lacksTool(t, 'python3')) return
  const mapped = join(folder, 'mapped.raw')
  await writeFile(mapped, guest)
  const script =
    'import mmap,sys,time\nf=open(sys.argv[1],"r+b")\nm=mmap.mmap(f.fileno(),0)\nf.close()\nprint("ready",flush=True)\ntime.sleep(600)'
  const child = spawn('python3', ['-c', script, mapped], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const [byMapping] = await findWriters([mapped], '')
  assert.deepEqual(byMapping, { state: 'open', who: `python3 (${child.pid})` })
  const [byLease] = await findWriters([mapped], SEARCH_PATH)
  assert.equal(byLease?.state, 'open')
})

void test('a further pass counts by itself: what was written before it is past', async (t) => {
  const { view, path } = await readOnce(t)
  const first = view.capturedAt
  const handle = await open(path, 'r+')
  await handle.write('x', 4096)
  await handle.close()
  checkUnsettled(await view.settled(), /was written/)
  await view.again()
  assert.ok(view.capturedAt > first)
  assert.ok(view.disks[0])
  assert.equal((await readAll(view.disks[0].reader)).toString('latin1', 4096, 4097), 'x')
  assert.deepEqual(await view.settled(), { settled: true, consistency: 'cold' })
  await truncate(path, GUEST_BYTES + 1)
  await assert.rejects(view.again(), { code: 'source-unsettled', message: /changed its size/ })
})

void test('replaced, removed, grown, shrunk: no second pass makes that one instant', async (t) => {
  const changes: [RegExp, (path: string) => Promise<void>][] = [
    [/replaced/, async (path) => rename(await copy(path), path)],
    [/replaced or removed/, (path) => rm(path)],
    [/changed its size/, (path) => truncate(path, GUEST_BYTES + 512)],
    [/changed its size/, (path) => truncate(path, GUEST_BYTES - 512)],
  ]
  for (const [reason, change] of changes) {
    const { view, path } = await readOnce(t)
    await change(path)
    checkUnsettled(await view.settled(), reason)
    checkUnsettled(await view.settled(EQUAL), reason)
  }
})

async function copy(path: string): Promise<string> {
  await writeFile(`${path}.copy`, await readFile(path))
  return `${path}.copy`
}

void test('a replaced image is still the one that was opened, for workers too', async (t) => {
  const { view, path } = await readOnce(t)
  await writeFile(`${path}.other`, Buffer.alloc(GUEST_BYTES, 9))
  await rename(`${path}.other`, path)
  const [disk] = view.disks
  assert.ok(disk?.rawPath)
  assert.ok((await readAll(disk.reader)).equals(guest))
  assert.ok((await readFile(disk.rawPath)).equals(guest))
})

void test('a change to any file of a chain is noticed; a second pass reads it afresh', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const folder = await temporaryFolder(t)
  const base = await makeImage(folder, 'plain.qcow2', guest)
  const top = join(folder, 'top.qcow2')
  await qemuImg('create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', 'plain.qcow2', top)
  const view = await openNamed(providerOver(folder), 'top.qcow2')
  t.after(() => view.close())
  const [disk] = view.disks
  assert.ok(disk)
  assert.ok((await readAll(disk.reader)).equals(guest))
  // Not as QEMU would, which keeps off by its locks: a tool that knows of none.
  const image = await readFile(base)
  const place = image.indexOf(guest.subarray(4096 * 600, 4096 * 600 + 64))
  const handle = await open(base, 'r+')
  await handle.write('changed', place)
  await handle.close()
  checkUnsettled(await view.settled(), /plain\.qcow2 was written/)
  await view.again()
  const second = await readAll(disk.reader)
  assert.equal(second.subarray(4096 * 600, 4096 * 600 + 7).toString(), 'changed')
})

void test('an image that QEMU has open is refused, with what to do', async (t) => {
  if (lacksTool(t, 'qemu-io')) return
  const folder = await temporaryFolder(t)
  await makeImage(folder, 'plain.qcow2', guest)
  const child = spawn('qemu-io', ['-f', 'qcow2', join(folder, 'plain.qcow2')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  child.stdin.write('write -P 3 1M 64k\n')
  await once(child.stdout, 'data')
  await assert.rejects(openNamed(providerOver(folder), 'plain.qcow2'), {
    code: 'source-in-use',
    message: new RegExp(`plain\\.qcow2 is open for writing by qemu-io \\(${child.pid}\\)`),
    hint: /protect it as a VM/,
  })
})

void test('several disks are one instant together or not at all', async (t) => {
  const folder = await temporaryFolder(t)
  const paths = ['a.raw', 'b.raw'].map((name) => join(folder, name))
  for (const path of paths) await writeFile(path, guest)
  const provider = providerOver(folder, { declared: [{ name: 'pair', paths }] })
  const view = await openNamed(provider, 'pair')
  t.after(() => view.close())
  await qemuIo(paths[1] ?? '', 'raw', 'write -P 1 0 512')
  checkUnsettled(await view.settled(), /b\.raw was written/)
})
