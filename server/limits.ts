/** What may run at once. */
export interface JobLimits {
  readonly transfersOfHost: number
  /** Of all hosts. */
  readonly transfers: number
  readonly recoveries: number
}

export const DEFAULT_LIMITS: JobLimits = { transfersOfHost: 2, transfers: 16, recoveries: 8 }
