import { namesOf, socketOf, type FreezeSetting } from './freeze-request.ts'
import type { VmUndoRecord } from './vm-undo.ts'

/** All that a freeze may leave behind in its VM and beside it, written down before any of it is there. */
export function recordOf(setting: FreezeSetting): VmUndoRecord {
  const { job, vm, socket, disks, names, scratch, nbdSocket } = setting
  const all = disks.map((_, at) => namesOf(setting, at))
  return {
    job,
    vm,
    qmp: socket,
    exports: all.flatMap(({ exported, woken }) => [exported, woken]),
    accessNodes: all.map(({ access }) => access),
    filters: all.map(({ filter }) => filter),
    targets: all.map(({ target }) => target),
    frozen: disks.map(({ node }) => ({ node, name: names.frozen })),
    nbdSocket: nbdSocket === undefined ? socketOf(scratch) : '',
    isStopped: false,
    frozenAgent: '',
    files: [scratch.folder],
  }
}
