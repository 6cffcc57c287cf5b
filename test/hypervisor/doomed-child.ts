import { Tracking, readAll } from './tracking.ts'

/*
 * Takes a point of a VM in a process that a failpoint kills on the way. Arguments: folder, the VM's
 * declaration, the version that counts as newest, `memory` where that is asked for.
 */
const [folder = '', file = '', baseUid = '', memory = ''] = process.argv.slice(2)
const tracking = new Tracking(folder, file)
tracking.memory = memory === 'memory'
const view = await tracking.open()
const names = new Set(view.disks.map(({ name }) => name))
await view.begin?.({ job: 'job-doomed', versionUid: 'v-doomed', baseUid, tracked: names })
for (const disk of view.disks) await readAll(disk.reader)
await view.close()
