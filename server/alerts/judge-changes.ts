import { suspicionOf, type Suspicion } from '../../core/model/suspicious-change.ts'
import type { Random } from '../../core/runtime/random.ts'
import { raiseAlert, resolveAlert } from '../catalog/alerts.ts'
import type { Queryable } from '../catalog/database.ts'
import {
  changesBefore,
  oldSuspicions,
  versionsAfter,
  type NewVersion,
} from '../catalog/version-changes.ts'

const AT_ONCE = 200
/** A server that was away looks back so far. */
const LOOK_BACK_DAYS = 2
const COMPARED_WITH = 20
/** Nobody can tell by itself that a strange change was meant; after so long it is history. */
const REMEMBERED_DAYS = 14

/** Versions that changed unlike those before them, as when something encrypts the disk. */
export class ChangeJudge {
  #judged = 0

  async look(q: Queryable, random: Random): Promise<void> {
    for (const version of await versionsAfter(q, this.#judged, LOOK_BACK_DAYS, AT_ONCE)) {
      const before = await changesBefore(q, version, COMPARED_WITH)
      const suspicion = suspicionOf(version, before)
      if (suspicion) await tell(q, random, version, suspicion)
      this.#judged = version.id
    }
    for (const { object } of await oldSuspicions(q, REMEMBERED_DAYS))
      await resolveAlert(q, 'suspicious-change', object)
  }
}

async function tell(
  q: Queryable,
  random: Random,
  { dataSource, name, uid }: NewVersion,
  suspicion: Suspicion,
): Promise<void> {
  await raiseAlert(q, random, {
    type: 'suspicious-change',
    severity: 'critical',
    object: dataSource,
    cause: `${name} changed unlike before: ${inFigures(suspicion)}`,
    action:
      'Look into the guest: files that were encrypted look like this, and so do new software, a defragmentation or a database that was loaded. Protect the points before it (`holdfast point protect`), and compare them: `holdfast point compare --files`.',
    command: 'holdfast point list --source {object}',
    occurrence: uid,
  })
}

function inFigures(suspicion: Suspicion): string {
  const { changedShare, usualShare } = suspicion
  const share = `${percent(changedShare)} of it at once, usually ${percent(usualShare)}`
  if (suspicion.kind === 'share') return share
  const { ratio, usualRatio } = suspicion
  return `what changed compresses to ${percent(ratio)}, usually to ${percent(usualRatio)}; ${share}`
}

function percent(share: number): string {
  const value = share * 100
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} %`
}
