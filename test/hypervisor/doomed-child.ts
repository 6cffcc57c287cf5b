import { Tracking, readAll } from './tracking.ts'

/*
 * Takes a point of a VM in a process that a failpoint kills on the way. Arguments: folder, the VM's
 * declaration, the version that counts as newest.
 */
const [folder = '', file = '', baseUid = ''] = process.argv.slice(2)
const view = await new Tracking(folder, file).open()
const names = new Set(view.disks.map(({ name }) => name))
await view.begin?.({ job: 'job-doomed', versionUid: 'v-doomed', baseUid, tracked: names })
for (const disk of view.disks) await readAll(disk.reader)
await view.close()
