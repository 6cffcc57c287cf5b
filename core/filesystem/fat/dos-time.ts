import type { GuestTime } from '../file-system.ts'

/**
 * A date and a time of FAT and exFAT, given as if they were UTC: FAT does not say of which zone they
 * are. `hundredths` (0 to 199) is a finer part that only some times have.
 */
export function dosTime(date: number, time: number, hundredths = 0): GuestTime {
  if (date === 0) return null
  const year = 1980 + (date >> 9)
  const month = (date >> 5) & 0x0f
  const day = date & 0x1f
  // Figures that are none (month 15, second 62) are carried over, as Linux does.
  const seconds = (time >> 11) * 3600 + ((time >> 5) & 0x3f) * 60 + (time & 0x1f) * 2
  const milliseconds = Date.UTC(year, month - 1, day) + seconds * 1000 + hundredths * 10
  return BigInt(milliseconds) * 1_000_000n
}
