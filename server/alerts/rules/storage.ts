import type { AlertSeverity, AlertType } from '../../../core/model/alert-type.ts'
import { usedUpAt } from '../../../core/model/forecast.ts'
import type { JobKind } from '../../../core/model/state.ts'
import { lastEndOf } from '../../catalog/job-ends.ts'
import { readPackFigures } from '../../catalog/storage.ts'
import { forgetUsage, noteUsage, readUsage } from '../../catalog/volume-usage.ts'
import type { VolumeSpace } from '../../store/chunk-store.ts'
import { inWords, severityAt, type AlertRule, type Finding, type Look } from '../rule.ts'

const DAY_MS = 86_400_000
/** Days of use that a forecast looks back on. */
const LOOK_BACK_DAYS = 30

/** Of a hundred, used. */
const USED_LIMITS = [
  [80, 'informational'],
  [90, 'warning'],
  [95, 'critical'],
] as const

/** Days until it is full, negative so that more is worse. */
const DAYS_LIMITS = [
  [-14, 'warning'],
  [-3, 'critical'],
] as const

export const storeFilling: AlertRule = {
  type: 'store-filling',
  async find(look) {
    const findings: Finding[] = []
    for (const volume of look.volumes) {
      if (volume.state !== 'writable' || volume.totalBytes === 0) continue
      await noteUsage(look.q, volume.uid, volume.totalBytes - volume.freeBytes, look.now)
      const finding = await fillingOf(look, volume)
      if (finding) findings.push(finding)
    }
    await forgetUsage(look.q, new Date(look.now.getTime() - 2 * LOOK_BACK_DAYS * DAY_MS))
    return findings
  },
}

async function fillingOf(look: Look, volume: VolumeSpace): Promise<Finding | undefined> {
  const now = look.now.getTime()
  const since = new Date(now - LOOK_BACK_DAYS * DAY_MS)
  const fullAt = usedUpAt(await readUsage(look.q, volume.uid, since), volume.freeBytes, now)
  const days = fullAt === undefined ? undefined : (fullAt - now) / DAY_MS
  // Rounded down, so that the sentence is not another one each minute.
  const used = Math.floor(100 - (volume.freeBytes / volume.totalBytes) * 100)
  const severity = worse(
    severityAt(used, USED_LIMITS),
    days === undefined ? undefined : severityAt(-days, DAYS_LIMITS),
  )
  if (severity === undefined) return undefined
  const forecast =
    fullAt === undefined
      ? ''
      : `; as it goes it will be full on ${new Date(fullAt).toISOString().slice(0, 10)}`
  return {
    object: volume.uid,
    severity,
    cause: `volume ${volume.path} is ${used} % full${forecast}`,
    action:
      'Add a volume with `holdfast storage add`, keep points for a shorter time (`holdfast storage retention-preview` shows what that frees), or give the file system more room.',
    command: 'holdfast storage status',
  }
}

const ORDER: readonly AlertSeverity[] = ['informational', 'warning', 'critical']

function worse(a: AlertSeverity | undefined, b: AlertSeverity | undefined) {
  const [rankA, rankB] = [a, b].map((severity) => (severity ? ORDER.indexOf(severity) : -1))
  return (rankA ?? -1) >= (rankB ?? -1) ? a : b
}

export const volumeMissing: AlertRule = {
  type: 'volume-missing',
  find: async ({ volumes }) =>
    volumes
      .filter(({ state }) => state !== 'writable')
      .map(({ uid, path, state }) => ({
        object: uid,
        severity: 'critical' as const,
        cause: `volume ${path} of the store is ${state}`,
        action:
          'Mount it again where it was. Points whose data lie on it cannot be recovered meanwhile; nothing of them is removed.',
        command: 'holdfast storage status',
      })),
}

const FREE_LIMITS = [
  [90, 'warning'],
  [96, 'critical'],
] as const

export const catalogFilling: AlertRule = {
  type: 'catalog-filling',
  async find({ catalogSpace }) {
    if (catalogSpace === null || catalogSpace.totalBytes === 0) return []
    const used = Math.floor(100 - (catalogSpace.freeBytes / catalogSpace.totalBytes) * 100)
    const severity = severityAt(used, FREE_LIMITS)
    if (severity === undefined) return []
    const cause = `the file system below the data folder, where the catalog lies, is ${used} % full`
    const action =
      'Make room there: without any the catalog takes no point more. Or move it to a PostgreSQL of your own (DATABASE_URL).'
    return [{ object: 'server', severity, cause, action }]
  },
}

export const serverReadOnly: AlertRule = {
  type: 'server-read-only',
  find: async ({ mode }) =>
    mode.name === 'normal'
      ? []
      : [
          {
            object: 'server',
            severity: 'critical',
            cause: `the server lists and recovers points and does nothing else: ${mode.reason}`,
            action: 'Stop it and run `holdfast server rebuild`: it brings the newer points in.',
          },
        ],
}

/** Every stored byte should have been read again within 30 days; a few nights may fail. */
const OVERDUE_MS = 32 * DAY_MS

export const verificationOverdue: AlertRule = {
  type: 'verification-overdue',
  async find({ q, now, storeId }) {
    const { oldestUnverifiedAt } = await readPackFigures(q)
    if (oldestUnverifiedAt === null) return []
    const age = now.getTime() - Date.parse(oldestUnverifiedAt)
    if (age < OVERDUE_MS) return []
    return [
      {
        object: storeId,
        severity: 'warning',
        cause: `some stored bytes were last read ${inWords(age / 1000)} ago`,
        action: 'The nightly verification does not come round. Run all of it once, or look why.',
        command: 'holdfast verify --all',
      },
    ]
  },
}

interface OwnJob {
  readonly type: AlertType
  readonly kind: JobKind
  readonly what: string
  readonly command: string
}

const OWN_JOBS: readonly OwnJob[] = [
  {
    type: 'verification-failed',
    kind: 'verification',
    what: 'stored bytes could not be verified',
    command: 'holdfast verify --all',
  },
  {
    type: 'collection-failed',
    kind: 'collection',
    what: 'what nothing needs any more could not be freed',
    command: 'holdfast storage collect',
  },
  {
    type: 'compaction-failed',
    kind: 'compaction',
    what: 'packs that are mostly dead could not be rewritten',
    command: 'holdfast storage compact',
  },
]

export const ownJobRules: readonly AlertRule[] = OWN_JOBS.map(({ type, kind, what, command }) => ({
  type,
  async find({ q, storeId }) {
    const last = await lastEndOf(q, kind)
    if (last?.state !== 'failed') return []
    const cause = `${what} (${last.id}): ${last.error ?? ''}`
    const action = 'It is tried again each night; once the cause is mended, run it now.'
    const severity = 'warning' as const
    return [{ object: storeId, severity, cause, action, command, occurrence: last.id }]
  },
}))
