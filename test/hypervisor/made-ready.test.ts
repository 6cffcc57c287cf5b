import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import { openHostSources } from '../../agent/host-sources.ts'
import { Lifecycle } from '../../core/runtime/lifecycle.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'
import { Tracking } from './tracking.ts'
import { requireClean } from './vm-state.ts'

const UUID = '5f0dd0a2-7d3b-4a63-9f8e-6a1f0e6a7b11'

async function runningVm(t: TestContext): Promise<StorageDaemon> {
  return StorageDaemon.start(t, await temporaryFolder(t), 'web', [
    { name: 'vda', format: 'qcow2', sizeBytes: 2 ** 20 },
  ])
}

/** A VM whose monitor takes connections and says nothing; how many there were. */
async function silentVm(t: TestContext, folder: string): Promise<() => number> {
  let connections = 0
  const qmp = path.join(folder, 'silent.qmp')
  const monitor = createServer(() => connections++).listen(qmp)
  await once(monitor, 'listening')
  t.after(() => monitor.close())
  const disks = [{ name: 'vda', path: path.join(folder, 'silent.raw'), format: 'raw' }]
  await writeFile(
    path.join(folder, 'silent.yaml'),
    JSON.stringify({ name: 'silent', uuid: UUID, qmp, disks }),
  )
  return () => connections
}

test('a VM is opened without asking the others of its host, one of which hangs', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const vm = await runningVm(t)
  await vm.declare()
  const asked = await silentVm(t, vm.folder)
  const lifecycle = new Lifecycle()
  t.after(() => lifecycle.release())
  const { provider } = openHostSources(
    {
      ...{ dataFolder: await temporaryFolder(t), images: [], sources: [], libvirts: [] },
      ...{ vms: [vm.folder], scratch: undefined },
    },
    { serverId: 'server-firstone', clock: systemClock, log: silentLogger, lifecycle },
  )
  const view = await provider.open(`vm:${vm.uuid}`, {
    excludeDisks: [],
    signal: AbortSignal.timeout(20_000),
  })
  t.after(() => view.close())
  assert.deepEqual(
    view.disks.map(({ name }) => name),
    ['vda'],
  )
  assert.equal(asked(), 0)
})

test('what is made ready before the plan is written down first, and goes when there is none', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const vm = await runningVm(t)
  const tracking = new Tracking(vm.folder, await vm.declare())
  const { undoLog, scratchRoot } = tracking.context
  const view = await tracking.open()
  await view.prepare?.('job-refused')
  const [record] = await undoLog.records()
  assert.equal(record?.job, 'job-refused')
  assert.deepEqual(record.files, [scratchRoot('job-refused')])
  assert.deepEqual(await readdir(scratchRoot('job-refused')), [])
  await view.close()
  await requireClean(vm, vm.folder)
  const [disk] = (await tracking.take()).disks
  assert.equal(disk?.reason, 'bitmap-absent')
})
