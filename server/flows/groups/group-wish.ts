import type { GroupSettings } from '../../../core/model/group/settings.ts'

/** What somebody wants a protection group to be. Data sources are ids. */
export interface GroupWish {
  readonly name: string
  /** True: there must be none of that name; false: there must be one. */
  readonly create: boolean
  readonly newName?: string | undefined
  readonly settings: GroupSettings
  readonly add: readonly string[]
  /** True: what is added may come out of another group; its protection goes on. */
  readonly move?: boolean
  readonly remove: readonly string[]
  readonly removedPoints: RemovedPoints
}

/** What becomes of the points of a data source that leaves. */
export type RemovedPoints = 'keep' | 'delete'
