import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { makeGuestDisk } from '../../scripts/guest/guest-disk.ts'
import { guestFiles } from '../../scripts/guest/guest-files.ts'
import { guestCommand, GuestVm } from '../../scripts/guest/guest-vm.ts'
import type { Installation } from '../../scripts/installation/installation.ts'
import { LongRunning } from '../../scripts/installation/long-running.ts'
import { run } from '../data/run.ts'
import { median } from '../report/summary.ts'
import { createPoint } from './point.ts'

const MIB = 2 ** 20

/**
 * A guest from its disk here, and from an export through an overlay: until it has booted, mounted the
 * disk and compared every file on it with its SHA-256. Its kernel comes from outside of the disk.
 */
export async function measureBoots(
  holdfast: Installation,
  folder: string,
  rounds: number,
): Promise<void> {
  const disk = path.join(holdfast.images, 'guest.raw')
  await makeGuestDisk(disk, { format: 'raw', sizeBytes: 256 * MIB, files: 64, fileBytes: 3 * MIB })
  const point = await createPoint(holdfast, 'bench/guest.raw')
  const found: { local: number; exported: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const local = await boot(folder, disk, 'raw')
    const exported = await fromExport(holdfast, folder, point)
    found.push({ local, exported })
    process.stderr.write(`${JSON.stringify(found.at(-1))}\n`)
  }
  const [local, exported] = [
    median(found.map((one) => one.local)),
    median(found.map((one) => one.exported)),
  ]
  const ratio = median(found.map((one) => one.exported / one.local))
  process.stdout.write(
    `\nboot: ${local.toFixed(1)} s from a local disk, ${exported.toFixed(1)} s from an export: ${ratio.toFixed(2)}\n`,
  )
}

async function fromExport(holdfast: Installation, folder: string, point: string): Promise<number> {
  const { process: server, ready } = await LongRunning.start<{ disks: { uri: string }[] }>(
    'export',
    ['export', point, '--listen', `unix:${path.join(folder, 'boot.sock')}`],
    path.join(folder, 'export.log'),
    { env: { HOLDFAST_OPERATOR: holdfast.operatorFile } },
  )
  const overlay = path.join(folder, 'overlay.qcow2')
  try {
    const backing = ['-F', 'raw', '-b', ready.disks[0]?.uri ?? '']
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, overlay])
    return await boot(folder, overlay, 'qcow2')
  } finally {
    await server.stop()
    await rm(overlay, { force: true })
  }
}

/** Seconds until its console says that it is ready, and that its files are whole. */
async function boot(folder: string, disk: string, format: string): Promise<number> {
  const own = path.join(folder, `vm-${randomUUID().slice(0, 8)}`)
  await mkdir(own)
  const disks = [{ name: 'data0', path: disk, format }]
  const shape = { name: 'vm', uuid: randomUUID(), folder: own, disks, asks: ['hf.noagent'] }
  const startedAt = performance.now()
  const vm = GuestVm.start(shape, guestCommand(await guestFiles(), shape))
  try {
    const said = await vm.said(/^READY/m)
    if (!/^WHOLE vda/m.test(said)) throw new Error(`the guest says ${said}`)
    return (performance.now() - startedAt) / 1000
  } finally {
    await vm.kill()
    await rm(own, { recursive: true, force: true })
  }
}
