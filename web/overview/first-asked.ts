import type { AskedDocument } from '../api/use-api.ts'

/** How many days the forecast looks back on. */
export const FORECAST_DAYS = 30

/** Every document of the overview: it is where most begin, and all of it answers one question. */
export const FIRST_ASKED: readonly AskedDocument[] = [
  [['status']],
  [['alerts']],
  [['sources']],
  [['groups']],
  [['jobs'], { state: 'running' }],
  [['storage']],
  [['storage', 'history'], { days: FORECAST_DAYS }],
]
