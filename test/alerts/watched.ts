import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { AlertType } from '../../core/model/alert-type.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { AlertWatch } from '../../server/alerts/alert-watch.ts'
import type { Look } from '../../server/alerts/rule.ts'
import { listAlerts, type AlertView } from '../../server/catalog/alerts-view.ts'
import type { ServerMode } from '../../server/flows/server-mode.ts'
import type { VolumeSpace } from '../../server/store/chunk-store.ts'
import { Planned } from '../groups/planned.ts'

export const GIB = 1024 ** 3
export const DAY_MS = 86_400_000

/** An alert watch on a planned catalog; what lies beside the catalog is what the test says. */
export class Watched {
  readonly planned: Planned
  readonly watch: AlertWatch
  volumes: VolumeSpace[] = [volume('uid-1', '/store', 100 * GIB, 50 * GIB)]
  certificates: Look['certificates'] = []
  catalogSpace: Look['catalogSpace'] = null
  mode: ServerMode = { name: 'normal' }

  private constructor(planned: Planned) {
    this.planned = planned
    const { database, clock, store } = planned
    const of = (): Watched => this // read at each look
    this.watch = new AlertWatch({
      ...{ database, clock, random: systemRandom, log: silentLogger },
      historyMs: 33 * DAY_MS,
      store: { storeId: store.storeId, volumes: async () => of().volumes },
      get mode() {
        return of().mode
      },
      catalogSpace: async () => of().catalogSpace,
      certificates: async () => of().certificates,
    })
  }

  /** By the real clock unless it is told another time: the catalog's own clock is real. */
  static async create(t: TestContext, start = new Date().toISOString()): Promise<Watched> {
    const watched = new Watched(await Planned.create(t, start))
    watched.planned.steady = 0
    return watched
  }

  get database() {
    return this.planned.database
  }

  get rows() {
    return this.planned.rows
  }

  /** So much time goes by before the look. */
  async look(ms = 0): Promise<void> {
    this.planned.now += ms
    this.planned.steady += ms
    await this.watch.look()
  }

  async alerts(all = false): Promise<AlertView[]> {
    return listAlerts(this.database, { all })
  }

  /** `type object severity`, sorted; clocks that the test moves are no finding. */
  async open(): Promise<string[]> {
    const alerts = await this.alerts()
    return alerts
      .filter(({ object }) => object !== 'database')
      .map(({ type, objectName, severity }) => `${type} ${objectName} ${severity}`)
      .sort()
  }

  async alert(type: AlertType): Promise<AlertView> {
    const of = (await this.alerts(true)).filter((alert) => alert.type === type)
    assert.equal(of.length, 1, `one ${type}`)
    return of[0]!
  }

  async set(text: string, ...values: readonly unknown[]): Promise<void> {
    const rows = await this.database.query(`${text} RETURNING 1 AS one`, values)
    assert.ok(rows.length > 0, text)
  }
}

export function volume(
  uid: string,
  path: string,
  totalBytes: number,
  freeBytes: number,
  state: VolumeSpace['state'] = 'writable',
): VolumeSpace {
  return { uid, path, state, totalBytes, freeBytes }
}
