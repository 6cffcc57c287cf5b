/** Every failpoint, in the order in which a transfer passes them. Each is hit by a test. */
export const FAILPOINTS = [
  // agent
  'vm.before-bitmaps',
  'vm.after-bitmaps',
  'vm.after-filters',
  'vm.while-stopped',
  'vm.while-memory-is-saved',
  'vm.while-memory-stands',
  'vm.after-instant',
  'vm.after-export',
  'agent.before-plan',
  'agent.after-plan',
  'agent.during-push',
  'agent.before-seal',
  'agent.after-receipt',
  'clone.before-record',
  'restore.before-swap',
  'restore.after-swap',
  // server: chunk bytes → sync of the pack → sync of its folder → chunk rows
  'pack.announced',
  'pack.after-create',
  'pack.before-sync',
  'pack.after-sync',
  'pack.after-folder-sync',
  'segment.after-rows',
  // manifest → marker → the transaction that makes the version visible → acknowledgement
  'commit.after-reserve',
  'commit.after-manifest',
  'commit.after-marker',
  'commit.before-transaction',
  'commit.after-transaction',
  'commit.after-acknowledge',
  // collection and compaction
  'collect.after-delete-point',
  'collect.after-sweep',
  'collect.after-condemn',
  'collect.after-trash',
  'compact.after-copy',
  'compact.after-sync',
  'compact.after-move',
] as const

export type Failpoint = (typeof FAILPOINTS)[number]
