/* Between two ticks of an axis: what people count in, so that no tick has a fraction of it. */

const DAY_SECONDS = 86_400

/** Seconds: of days, weeks and about months and quarters. */
export const DAY_STEPS = [1, 2, 7, 14, 28, 91, 182, 364].map((days) => days * DAY_SECONDS)

/** 1, 2, 4, … of a unit, and then of the next. */
export const BYTE_STEPS = Array.from({ length: 60 }, (_, power) => 2 ** power)

/** 1, 2, 5, 10, …: things there are no halves of. */
export const COUNT_STEPS = Array.from({ length: 10 }, (_, power) => 10 ** power).flatMap((ten) => [
  ten,
  2 * ten,
  5 * ten,
])

/** From the end on back, as the last is what one asks about; both ends where there is room for one only. */
export function ticksBack(from: number, until: number, step: number): number[] {
  const count = Math.floor((until - from) / step)
  if (count < 1) return [from, until]
  return Array.from({ length: count + 1 }, (_, at) => until - (count - at) * step)
}
