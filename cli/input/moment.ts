import { parseDuration } from './duration.ts'

// With a zone, or a bare date, which is UTC. A time without a zone would mean the client's own.
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/

/** A time as ISO 8601 UTC, from ISO 8601 or from a duration ahead of (`1`) or before (`-1`) now. */
export function parseMoment(text: string, nowMs: number, direction: 1 | -1): string | undefined {
  const seconds = parseDuration(text)
  const ms = seconds === undefined ? parseIso(text) : nowMs + direction * seconds * 1000
  if (ms === undefined || !Number.isFinite(ms) || Math.abs(ms) > LATEST_MS) return undefined
  return new Date(ms).toISOString()
}

// The last moment that a Date can hold.
const LATEST_MS = 8.64e15

function parseIso(text: string): number | undefined {
  return ISO.test(text) ? Date.parse(text) : undefined
}
