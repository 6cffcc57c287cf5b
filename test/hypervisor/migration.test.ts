import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import test from 'node:test'
import type { PointAnswer } from '../support/answers.ts'
import { qemuImg } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { Scene, until } from '../support/scene.ts'
import { BareMachine } from '../support/bare-machine.ts'

const MIB = 2 ** 20
const UUID = '8a8a1d60-3c0f-4b35-8f6c-5d4be1f0a222'
const DISKS = [{ name: 'vda', format: 'qcow2' as const, sizeBytes: 8 * MIB }]

/** Two QEMUs on one shared image, an agent beside each. */
test('a VM that moves between two hosts: its history goes on', async (t) => {
  if (lacksTool(t, 'qemu-system-x86_64')) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const shared = holdfast.path('shared')
  await mkdir(shared)
  const machine = (host: string) => new Shared(shared, host)
  const [alpha, beta] = [machine('alpha'), machine('beta')]
  await alpha.makeImages()
  await alpha.run(t)
  await alpha.write('vda', 0x10, 0, 3 * MIB)
  for (const [host, vm] of [
    ['alpha', alpha],
    ['beta', beta],
  ] as const)
    await holdfast.startAgent(host, {}, ['--vm', await vm.declare(true)])
  await scene.sources('alpha/db')
  await scene.point('alpha/db')
  await alpha.write('vda', 0x20, MIB, 512)

  const modes = ({ disks }: PointAnswer) =>
    disks.map(({ transferMode, transferReason }) => [transferMode, transferReason])
  await t.test('live: the bitmap travels', async () => {
    const incoming = `${shared}/incoming`
    await beta.run(t, ['-incoming', `unix:${incoming}`])
    await alpha.qmp('migrate', { uri: `unix:${incoming}` })
    await until('the migration', async () => {
      const { status } = await beta.qmp<{ status: string }>('query-status')
      return status === 'running' ? status : undefined
    })
    await beta.write('vda', 0x30, 2 * MIB, 512)
    await scene.sources('beta/db')
    const point = await scene.point('beta/db')
    assert.deepEqual(modes(point), [['tracked', null]])
    assert.ok(point.sentBytes < 3 * 128 * 1024, `sent ${point.sentBytes}`)
    const { json } = await holdfast.ok<PointAnswer[]>('point', 'list', '--source', 'beta/db')
    assert.equal(json.length, 2, 'one history')
    const bytes = await readFile(await scene.restored(point.id, ['--format', 'raw'], 'beta'))
    const expected = Buffer.alloc(8 * MIB).fill(0x10, 0, 3 * MIB)
    expected.fill(0x20, MIB, MIB + 512).fill(0x30, 2 * MIB, 2 * MIB + 512)
    assert.ok(bytes.equals(expected))
  })

  await t.test('unplanned: its host dies, and it is started on the other one', async () => {
    await alpha.kill()
    await beta.kill()
    await alpha.run(t)
    await alpha.write('vda', 0x40, 4 * MIB, 512)
    await scene.sources('alpha/db')
    const point = await scene.point('alpha/db')
    assert.deepEqual(modes(point), [['compared', 'bitmap-absent']])
    const { json } = await holdfast.ok<PointAnswer[]>('point', 'list', '--source', 'alpha/db')
    assert.equal(json.length, 3)
  })

  await t.test('on two at once: refused until only one runs', async () => {
    await qemuImg('create', '-q', '-f', 'qcow2', `${shared}/copy.qcow2`, String(8 * MIB))
    const twin = new Shared(shared, 'beta', `${shared}/copy.qcow2`)
    await twin.run(t)
    const refused = await until('the refusal', async () => {
      const { json, status } = await scene.create('alpha/db')
      return status === 0 ? undefined : json[0]?.error?.code
    })
    assert.equal(refused, 'source-running-twice')
    await twin.kill()
    await until('only one', async () => {
      const { status } = await scene.create('alpha/db')
      return status === 0 ? true : undefined
    })
  })
})

/** One of the two, with monitor and declaration of its own. */
class Shared extends BareMachine {
  readonly #host: string
  readonly #image: string | undefined

  constructor(folder: string, host: string, image?: string) {
    super(folder, 'db', DISKS, UUID)
    this.#host = host
    this.#image = image
  }

  override get file(): string {
    return `${this.folder}/${this.#host}.yaml`
  }

  override get qmpSocket(): string {
    return `${this.folder}/${this.#host}.qmp`
  }

  override image(disk: string): string {
    return this.#image ?? super.image(disk)
  }
}
