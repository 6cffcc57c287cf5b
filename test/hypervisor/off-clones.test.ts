import assert from 'node:assert/strict'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import test, { type TestContext } from 'node:test'
import { crashHooks } from '../../agent/hypervisor/instant-hooks.ts'
import { Clones } from '../../agent/source/clone/clones.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { guestContent, qemuImg, qemuIo, temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { folderOn, REFLINK_SYSTEMS, type ReflinkSystem } from '../support/reflink-folder.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'
import { Tracking, type Taken } from './tracking.ts'

const MIB = 2 ** 20
const GRANULE = 65_536
const SIZE = 4 * MIB + 512

/** Two raw disks, a qcow2, and one without bitmaps of a VM that is off, on a reflink file system. */
class OffVm {
  readonly vm: StorageDaemon
  readonly tracking: Tracking
  #pattern = 1

  constructor(vm: StorageDaemon, tracking: Tracking) {
    this.vm = vm
    this.tracking = tracking
  }

  static async make(t: TestContext, system: ReflinkSystem): Promise<OffVm | undefined> {
    const folder = await folderOn(t, system)
    if (folder === undefined || lacksTool(t, 'qemu-storage-daemon')) return undefined
    const vm = new StorageDaemon(folder, 'web', [
      { name: 'vda', format: 'raw', sizeBytes: SIZE },
      { name: 'vdb', format: 'raw', sizeBytes: SIZE },
      { name: 'vdc', format: 'qcow2', sizeBytes: SIZE },
      { name: 'vdd', format: 'qcow2', sizeBytes: SIZE },
    ])
    await vm.create()
    const old = ['-f', 'qcow2', '-o', 'compat=0.10', vm.image('vdd'), String(SIZE)]
    await qemuImg('create', '-q', ...old)
    for (const disk of ['vda', 'vdb']) await writeFile(vm.image(disk), guestContent(disk, SIZE))
    t.after(() => vm.kill())
    const dataFolder = await temporaryFolder(t)
    const identity = { serverId: 'server-firstone', hostId: 'host-a' }
    const clones = new Clones({ dataFolder, identity, clock: systemClock, log: silentLogger })
    const tracking = new Tracking(folder, await vm.declare(), undefined, crashHooks, clones)
    return new OffVm(vm, tracking)
  }

  /** While nobody runs it, as somebody with the images at hand would. */
  async write(disk: string, granule: number): Promise<void> {
    const { format } = this.vm.disks.find(({ name }) => name === disk) ?? { format: 'raw' }
    const command = `write -P ${this.#pattern++} ${granule * GRANULE + 5} 700`
    await qemuIo(this.vm.image(disk), format, command)
  }

  async writeRunning(disk: string, granule: number): Promise<void> {
    const guest = await this.vm.guest(disk)
    await guest.write(granule * GRANULE, guestContent(`running ${this.#pattern++}`, 700))
    await guest.flush()
    await guest.close()
  }

  async clones(): Promise<string[]> {
    return (await readdir(this.vm.folder)).filter((name) => name.includes('.holdfast-clone-'))
  }
}

/** Why each disk was compared ('' where it was tracked), and the bytes that its record names. */
function told({ disks }: Taken): [string, number][] {
  for (const { name, bytes, increment } of disks)
    if (increment)
      assert.ok(increment.equals(bytes), `the record of ${name} names all that changed`)
  return disks.map(({ reason, increment, changedBytes }) => {
    return [increment ? '' : reason || 'another-version', changedBytes]
  })
}

for (const system of REFLINK_SYSTEMS)
  test(`off, ${system}: a raw disk has its clone as the change record`, (t) =>
    clonesOfVmThatIsOff(t, system))

async function clonesOfVmThatIsOff(t: TestContext, system: ReflinkSystem): Promise<void> {
  const off = await OffVm.make(t, system)
  if (!off) return
  const { vm, tracking } = off

  await t.test('the first point makes it, the next sends what changed', async () => {
    const first = await tracking.take()
    assert.deepEqual(told(first)[0], ['clone-absent', 0])
    assert.equal(first.consistency, 'cold')
    assert.equal((await off.clones()).length, 3)
    await off.write('vda', 3)
    await off.write('vdc', 4)
    await off.write('vdd', 5)
    assert.deepEqual(told(await tracking.take()), [
      ['', GRANULE],
      ['', 0],
      ['', GRANULE],
      ['', GRANULE],
    ])
  })
  await t.test('it counts over a running spell of which nothing was taken', async () => {
    await vm.run()
    await off.writeRunning('vda', 9)
    await off.writeRunning('vdb', 20)
    await vm.kill('SIGTERM')
    assert.deepEqual(told(await tracking.take()), [
      ['', GRANULE],
      ['', GRANULE],
      ['', 0],
      ['', 0],
    ])
  })
  await t.test('a point that fails, and one whose answer is lost, leave what was', async () => {
    await off.write('vda', 11)
    await tracking.take(undefined, 'fail')
    assert.deepEqual(told(await tracking.take())[0], ['', GRANULE])
    await off.write('vda', 12)
    await tracking.take(undefined, 'lost-answer')
    assert.equal((await off.clones()).length, 3)
    await off.write('vda', 13)
    assert.deepEqual(told(await tracking.take())[0], ['another-version', 0])
    assert.deepEqual(told(await tracking.take())[0], ['', 0])
  })
  await t.test('one that is started while it is read', async () => {
    await off.write('vdb', 2)
    await assert.rejects(
      tracking.take(async () => {
        await vm.run()
        await off.writeRunning('vda', 30)
      }),
      { code: 'vm-busy' },
    )
    assert.equal((await off.clones()).length, 3, 'the record stays, the attempt’s clones do not')
    await vm.kill('SIGTERM')
    assert.deepEqual(told(await tracking.take()), [
      ['', GRANULE],
      ['', GRANULE],
      ['', 0],
      ['', 0],
    ])
  })
  await t.test('points while it runs end it: the next one off is compared', async () => {
    await vm.run()
    await off.writeRunning('vda', 40)
    assert.deepEqual(told(await tracking.take())[0], ['bitmap-absent', 0])
    assert.deepEqual(await off.clones(), [])
    await off.writeRunning('vda', 41)
    assert.deepEqual(told(await tracking.take())[0], ['', GRANULE])
    await off.writeRunning('vda', 42)
    await vm.kill('SIGTERM')
    assert.deepEqual(told(await tracking.take()), [
      ['clone-absent', 0],
      ['clone-absent', 0],
      ['', 0],
      ['clone-absent', 0],
    ])
    await off.write('vda', 43)
    assert.deepEqual(told(await tracking.take())[0], ['', GRANULE])
  })
  await t.test('two disks that change places are not taken for each other', async () => {
    const declared = await readFile(vm.declaration, 'utf8')
    const swapped = declared.replaceAll(/web-vd[ab]/g, (one) =>
      one === 'web-vda' ? 'web-vdb' : 'web-vda',
    )
    await writeFile(vm.declaration, swapped)
    assert.deepEqual(told(await tracking.take()).slice(0, 2), [
      ['clone-of-another-disk', 0],
      ['clone-of-another-disk', 0],
    ])
    assert.deepEqual(told(await tracking.take()).slice(0, 2), [
      ['', 0],
      ['', 0],
    ])
  })
}
