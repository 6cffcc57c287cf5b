const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Seconds of `15m`, `30d`, `1h30m`; undefined when it is no duration or is nothing. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+[smhdw])+$/.test(text)) return undefined
  let total = 0
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdw])/g))
    total += Number(count) * (SECONDS[unit ?? ''] ?? 0)
  return total > 0 && Number.isSafeInteger(total) ? total : undefined
}
