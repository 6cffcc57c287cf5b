import type { AlertSeverity, AlertType } from '../../core/model/alert-type.ts'
import type { Queryable } from '../catalog/database.ts'
import type { NewAlert } from '../catalog/alerts.ts'
import type { ServerMode } from '../flows/server-mode.ts'
import type { VolumeSpace } from '../store/chunk-store.ts'

/** What one look at everything has seen besides the catalog. */
export interface Look {
  readonly q: Queryable
  readonly now: Date
  /** Since this process looks: hosts need a while to come back to a server that was away. */
  readonly watchedMs: number
  readonly storeId: string
  readonly mode: ServerMode
  readonly volumes: readonly VolumeSpace[]
  /** Of the file system that the embedded database lies on; null: it is not ours. */
  readonly catalogSpace: { readonly totalBytes: number; readonly freeBytes: number } | null
  /** Of the server's own: what it is, and until when it is good. */
  readonly certificates: readonly { readonly name: string; readonly expiresAt: Date }[]
}

export type Finding = Omit<NewAlert, 'type'>

/**
 * Says of which objects something is true now. What it finds is an alert; an alert whose object it no
 * longer finds is over. Undefined: it cannot tell, and everything stays as it is.
 */
export interface AlertRule {
  readonly type: AlertType
  readonly find: (look: Look) => Promise<readonly Finding[] | undefined>
}

/** A duration in words: `3 hours`. */
export function inWords(seconds: number): string {
  const [unit, size] =
    seconds < 3600
      ? (['minute', 60] as const)
      : seconds < 2 * 86_400
        ? (['hour', 3600] as const)
        : (['day', 86_400] as const)
  const count = Math.max(1, Math.round(seconds / size))
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** The most severe whose limit is reached. */
export function severityAt(
  value: number,
  limits: readonly (readonly [number, AlertSeverity])[],
): AlertSeverity | undefined {
  return limits.findLast(([limit]) => value >= limit)?.[1]
}
