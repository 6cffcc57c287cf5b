import type { GroupSettings } from '../api/documents.ts'

/** What a new group says until somebody says otherwise: the defaults of the command line. */
export function newSettings(): GroupSettings {
  return {
    match: [],
    retainDays: 5,
    keep: '',
    syncMinutes: null,
    points: '08:00,12:00,18:00',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    offsetMinutes: 0,
    initial: 'now',
    consistency: 'application',
    fallback: 'crash',
    check: 'auto',
    checkHours: 0,
    excludeDisks: [],
    bytesPerSecond: 0,
    rateHours: [],
    compressionLevel: null,
    volume: null,
    preScript: null,
    postScript: null,
    objectiveMinutes: null,
  }
}
