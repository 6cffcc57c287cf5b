import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import test from 'node:test'
import { openInPlace } from '../../agent/restore/in-place.ts'
import { bytesOf } from '../support/ext-images.ts'
import { guestBytes, qemuImg, temporaryFolder } from '../support/images.ts'
import { loopDevice } from '../support/loop-device.ts'
import { lacksTool } from '../support/needs.ts'
import { until } from '../support/scene.ts'

const MIB = 2 ** 20

const QEMU = 'qemu-system-x86_64'

/** A VM with this disk, which does not run; `work` while it has it. */
async function whileMachine(
  image: string,
  format: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const socket = `${image}.monitor`
  const machine = ['-S', '-nodefaults', '-display', 'none', '-machine', 'accel=tcg']
  const disk = ['-drive', `if=virtio,format=${format},file=${image}`]
  const monitor = ['-qmp', `unix:${socket},server=on,wait=off`]
  const child = spawn(QEMU, [...machine, ...disk, ...monitor], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (part: Buffer) => (said += part.toString()))
  const ended = once(child, 'close').then(() => Promise.reject(new Error(said)))
  ended.catch(() => {})
  try {
    await Promise.race([ended, until('its monitor', () => answered(socket))])
    await work()
  } finally {
    child.kill('SIGKILL')
    await ended.catch(() => {})
  }
}

/** Its monitor answers once it has its disks; it greets before that. */
async function answered(socket: string): Promise<true | undefined> {
  const connection = connect(socket)
  try {
    connection.write('{"execute": "qmp_capabilities"} {"execute": "query-block"}')
    for await (const part of connection) if (String(part).includes('"return": [')) return true
    return undefined
  } catch {
    return undefined
  } finally {
    connection.destroy()
  }
}

for (const format of ['raw', 'qcow2'])
  test(`${format}: no VM starts on a disk that is written in place, nor is one written that has it`, async (t) => {
    if (lacksTool(t, 'qemu-nbd') || lacksTool(t, QEMU)) return
    const image = join(await temporaryFolder(t), `disk.${format}`)
    await qemuImg('create', '-q', '-f', format, image, '4M')
    const disk = await openInPlace(image, format, t.signal)
    assert.equal(disk.reader.sizeBytes, 4 * MIB)
    await disk.write(MIB + 512, bytesOf('new', 100_000))
    await assert.rejects(
      whileMachine(image, format, () => Promise.resolve()),
      /lock/,
    )
    await disk.finish()
    await whileMachine(image, format, () =>
      assert.rejects(openInPlace(image, format, t.signal), { code: 'target-in-use' }),
    )
    const guest = await guestBytes(image, format)
    assert.ok(
      guest
        .subarray(MIB + 512)
        .subarray(0, 100_000)
        .equals(bytesOf('new', 100_000)),
    )
  })

test('a block device that is written in place is opened alone', async (t) => {
  const file = join(await temporaryFolder(t), 'device')
  await writeFile(file, Buffer.alloc(MIB))
  const device = await loopDevice(t, file)
  if (device === undefined) return
  const disk = await openInPlace(device, 'raw', t.signal)
  assert.equal(disk.reader.sizeBytes, MIB)
  await assert.rejects(openInPlace(device, 'raw', t.signal), { code: 'target-in-use' })
  await disk.write(5000, bytesOf('device', 3000))
  await disk.finish()
  assert.ok((await readFile(file)).subarray(5000, 8000).equals(bytesOf('device', 3000)))
})
