import type { Alert__Output } from '../../../core/wire/generated/holdfast/v1/Alert.ts'
import type { Host__Output } from '../../../core/wire/generated/holdfast/v1/Host.ts'
import type { Point__Output } from '../../../core/wire/generated/holdfast/v1/Point.ts'
import type { Source__Output } from '../../../core/wire/generated/holdfast/v1/Source.ts'
import type { AlertView } from '../../catalog/alerts-view.ts'
import type { HostView } from '../../catalog/hosts-view.ts'
import type { PointView } from '../../catalog/points.ts'
import type { SourceView } from '../../catalog/sources.ts'
import { without, withoutAbsent } from './absent.ts'

/** The catalog's views as messages: keys are the same words, ids of rows stay inside. */

export function toPoint(point: PointView): Point__Output {
  const { version, disks, ...rest } = without(point, 'versionUid', 'dataSource')
  return {
    ...withoutAbsent(rest),
    version: version ?? 0,
    disks: disks.map((disk) => withoutAbsent(disk)),
  }
}

export function toHost(host: HostView): Host__Output {
  const { restoreRoots, warnings, ...rest } = host
  return { ...withoutAbsent(rest), restoreRoots: [...restoreRoots], warnings: [...warnings] }
}

export function toSource(source: SourceView): Source__Output {
  const { lastPoint, disks, tags, ...rest } = without(source, 'hostId')
  return {
    ...withoutAbsent(rest),
    tags: [...tags],
    ...(lastPoint === null ? {} : { lastPoint: toPoint(lastPoint) }),
    disks: disks.map((disk) => withoutAbsent(disk)),
  }
}

export function toAlert(alert: AlertView): Alert__Output {
  return withoutAbsent(alert)
}
