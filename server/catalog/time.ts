/** How times leave the catalog: ISO 8601, UTC, milliseconds. */
export function isoTime(time: Date): string
export function isoTime(time: Date | null): string | null
export function isoTime(time: Date | null): string | null {
  return time === null ? null : time.toISOString()
}
