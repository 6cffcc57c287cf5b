import { parseRateHours } from '../../../core/model/group/rate-hours.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import { isTimeZone } from '../../../core/model/schedule/zone.ts'

/** Limits by the hour, as a job's request keeps them. Throws 'invalid-argument'. */
export function requireRateHours(
  rateHours: readonly string[],
  timeZone: string | undefined,
): { readonly rateHours?: readonly string[]; readonly timeZone?: string } {
  if (rateHours.length === 0) return {}
  for (const text of rateHours) parseRateHours(text)
  const zone = timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone
  if (isTimeZone(zone)) return { rateHours, timeZone: zone }
  throw new HoldfastError('invalid-argument', `${JSON.stringify(zone)} is no time zone`, {
    hint: 'Names are those of the IANA data, such as Europe/Berlin or UTC.',
  })
}
