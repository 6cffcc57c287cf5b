/** How far change records are trusted. */
/** Where there is no change record. */
export const NO_AUDIT: AuditPolicy = { everyMs: 0, sampleShare: 0 }

export interface AuditPolicy {
  /** Milliseconds after which a tracked disk is read whole again; 0: never by itself. */
  readonly everyMs: number
  /** Share of the chunks said to be unchanged that each run looks at. */
  readonly sampleShare: number
}
