import { stat } from 'node:fs/promises'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Child } from '../support/child.ts'
import type { PointAnswer } from '../support/answers.ts'
import { guestContent } from '../support/images.ts'
import { Scene } from '../support/scene.ts'

export interface ExportReady {
  readonly point: string
  readonly listen: string
  readonly disks: readonly { name: string; sizeBytes: number; uri: string }[]
}

export interface Exported {
  readonly child: Child
  readonly ready: ExportReady
  readonly socket: string
  readonly uri: string
}

let sockets = 0

/** A `holdfast export` of its own process, ended with the test. */
export async function startExport(
  t: TestContext,
  { holdfast }: Scene,
  point: string,
  ...more: string[]
): Promise<Exported> {
  const socket = holdfast.path(`s${++sockets}`)
  const operator = holdfast.path('server', 'operator.json')
  const listen = more.includes('--listen') ? [] : ['--listen', `unix:${socket}`]
  const child = new Child(['export', point, '--json', '--operator', operator, ...listen, ...more])
  t.after(() => child.kill('SIGKILL'))
  const ready = await child.ready<ExportReady>()
  return { child, ready, socket, uri: ready.disks[0]?.uri ?? '' }
}

/** 9 MiB and 5 sectors: 73 chunks, the last short; data, zeros inside data, and large holes. */
export function sampleDisk(seed: string): Buffer {
  const bytes = guestContent(seed, 9 * 2 ** 20 + 5 * 512)
  bytes.fill(0, 3 * 2 ** 20, 5 * 2 ** 20)
  return bytes
}

export interface Sample {
  readonly scene: Scene
  readonly guest: Buffer
  readonly image: string
  readonly point: PointAnswer
}

/** A point of an image of its own. */
export async function samplePoint(t: TestContext): Promise<Sample> {
  const scene = await Scene.open(t)
  const guest = sampleDisk('web')
  const image = scene.image('web.raw')
  await writeFile(image, guest)
  await scene.sources('alpha/web.raw')
  return { scene, guest, image, point: await scene.point('alpha/web.raw') }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

export function inFolder(scene: Scene, name: string): string {
  return join(scene.holdfast.folder, name)
}
