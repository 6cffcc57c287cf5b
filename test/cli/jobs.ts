import type { Job, Point } from '../../cli/reply.ts'

/** A job as the server would send it; whatever a test is about is given. */
export function jobOf(more: Partial<Job> = {}): Job {
  return {
    id: 'j-1',
    kind: 'recovery-point',
    state: 'running',
    source: 'alpha/web.raw',
    group: null,
    progress: { doneBytes: 0, totalBytes: 0, bytesPerSecond: 0 },
    startedAt: null,
    finishedAt: null,
    error: null,
    queuedAt: '2026-11-22T09:30:00.000Z',
    warnings: [],
    point: null,
    verification: null,
    restore: null,
    check: null,
    collection: null,
    expired: null,
    requestedBy: null,
    host: 'alpha',
    attempt: 1,
    disks: [],
    items: null,
    restoreRequest: null,
    fileRestoreRequest: null,
    ...more,
  }
}

export function pointOf(more: Partial<Point> = {}): Point {
  return {
    id: 'p-1',
    version: 2,
    source: 'alpha/web.raw',
    sequence: 2,
    createdAt: '2026-11-22T09:30:00.000Z',
    capturedAt: null,
    consistency: 'cold',
    hasMemory: false,
    paused: false,
    powerState: 'none',
    state: 'ready',
    label: null,
    comment: null,
    protected: false,
    expiresAt: null,
    sizeBytes: 1 << 20,
    changedBytes: 0,
    sentBytes: 0,
    storedBytes: 0,
    verifiedAt: null,
    provenAt: null,
    parentVersion: null,
    parentPoint: null,
    disks: [],
    deletedAt: null,
    lockedUntil: null,
    ...more,
  }
}
