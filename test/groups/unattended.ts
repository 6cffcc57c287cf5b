import assert from 'node:assert/strict'
import { rename, writeFile } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { parsePointTimes, pointsDue } from '../../core/model/schedule/point-times.ts'
import { seededChoice } from '../catalog/seeded-choice.ts'
import { SimulatedTime } from './simulated-time.ts'

const ZONE = 'Europe/Berlin'
const POINTS = '08:00,20:00'
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const RULES = { retainDays: 3, keep: { daily: 5, weekly: 3 } }

type Making = (scene: SimulatedTime['scene']) => Promise<unknown>

export const byCommand: Making = ({ holdfast }) =>
  holdfast.ok(
    ...['group', 'create', 'unattended', '--match', 'host:alpha', '--points', POINTS],
    ...['--timezone', ZONE, '--retain', '3d', '--keep', 'daily=5,weekly=3', '--yes'],
  )

export const byFile: Making = async ({ holdfast }) => {
  const group = `
groups:
  - name: unattended
    match: ["host:alpha"]
    points: "${POINTS}"
    timezone: ${ZONE}
    retain: 3d
    keep: daily=5,weekly=3
`
  const file = holdfast.path('groups.yaml')
  await writeFile(file, group)
  await holdfast.ok('apply', '-f', file, '--yes')
}

/**
 * A group that nobody looks after for so many days, with faults thrown in: processes killed in the
 * middle of jobs, a server that is off for a day and a half, an image that is away for some hours. It
 * ends with exactly the points that its rules say, and every one gives back what its disk was.
 */
export async function runUnattended(
  t: TestContext,
  { days, seed, make }: { days: number; seed: string; make: Making },
): Promise<void> {
  const start = Date.parse('2027-03-22T18:00:00Z') // clocks change on the 28th
  const time = await SimulatedTime.open(t, new Date(start).toISOString(), ['a.raw', 'b.raw'])
  const { scene } = time
  const choice = seededChoice(seed)
  await make(scene)
  await time.goTo(start + MINUTE_MS)
  assert.equal(time.made, 2, 'the first replicas are there')
  const end = start + days * DAY_MS
  const due = pointsDue(parsePointTimes(POINTS), ZONE, start, end)
  let wanted = 2
  for (let i = 0; i < due.length; i++) {
    const at = due[i]!
    await time.change(choice)
    const fault =
      i < 2 ? 'none' : choice.of(['none', 'none', 'server', 'agent', 'image', 'off'] as const)
    t.diagnostic(`${new Date(at).toISOString()} ${fault}`)
    if (fault === 'off' && i + 3 < due.length) {
      // Three due times go by; one point is made up for, within ten minutes.
      await scene.holdfast.server?.kill(choice.of(['SIGTERM', 'SIGKILL'] as const))
      await time.setTo(due[i + 2]! + 60 * MINUTE_MS)
      await scene.holdfast.startServer(time.env)
      await time.settled()
      await time.goTo(due[i + 2]! + 80 * MINUTE_MS)
      i += 2
    } else if (fault === 'server' || fault === 'agent') {
      await time.setTo(at)
      await wait(choice.below(1500))
      if (fault === 'server') {
        await scene.holdfast.server?.kill('SIGKILL')
        await scene.holdfast.startServer(time.env)
      } else await scene.restartAgent({}, 'SIGKILL')
      await time.settled()
      await time.goTo(at + 5 * MINUTE_MS)
    } else if (fault === 'image') {
      // Away when it is due: tried again after ten minutes, when it is back.
      const path = scene.image('a.raw')
      await rename(path, `${path}.away`)
      await gone(scene, true)
      await time.goTo(at)
      await rename(`${path}.away`, path)
      await gone(scene, false)
      await time.goTo(at + 20 * MINUTE_MS)
    } else await time.goTo(at)
    wanted += 2
    assert.equal(time.made, wanted, `points after ${new Date(at).toISOString()}, ${fault}`)
    const next = due[i + 1] ?? end
    const midnight = Math.ceil(at / DAY_MS) * DAY_MS + 31 * MINUTE_MS
    if (midnight < next) await time.goTo(midnight)
  }
  const there = await time.there()
  assert.deepEqual(time.describe(there), time.describe(time.expected(RULES, ZONE)))
  assert.ok(there.length < time.made, 'some have gone')
  await time.restoreAll()
  const { json } = await scene.verify()
  assert.deepEqual(json.damaged, [])
}

async function gone(scene: SimulatedTime['scene'], isGone: boolean): Promise<void> {
  await scene.offered('the image', (all) => {
    const source = all.find(({ name }) => name === 'alpha/a.raw')
    return (source?.state === 'missing') === isGone ? true : undefined
  })
}
