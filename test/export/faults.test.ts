import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { NbdClient } from '../../core/nbd/client.ts'
import type { RefusedAnswer } from '../support/answers.ts'
import { until } from '../support/scene.ts'
import { flipByte } from '../items/chunk-damage.ts'
import { exists, samplePoint, startExport } from './exported.ts'

const CHUNK = 128 * 1024

void test('an export holds its point, survives its server, and tells of damage', async (t) => {
  const { scene, guest, point } = await samplePoint(t)
  const { holdfast } = scene
  await scene.point('alpha/web.raw') // so that the first is not the last good one

  await t.test('the point cannot be deleted until the export is gone, killed or not', async () => {
    const exported = await startExport(t, scene, point.id)
    const refused = await holdfast.run<RefusedAnswer>('point', 'delete', point.id, '--yes')
    assert.equal(refused.status, 1)
    assert.equal(refused.json.error.code, 'point-held')
    assert.match(refused.json.error.message, /export-\w+ reads/)
    await exported.child.kill('SIGKILL')
    assert.equal(await exists(exported.socket), true) // nobody was left to remove it
    await until('the point is let go', async () => {
      const { status } = await holdfast.run('point', 'delete', point.id, '--preview')
      return status === 0 ? true : undefined
    })
    const again = await startExport(t, scene, point.id, '--listen', exported.ready.listen)
    assert.equal(again.ready.listen, exported.ready.listen)
    await again.child.kill('SIGTERM')
    assert.equal((await holdfast.run('point', 'delete', point.id, '--preview')).status, 0)
  })

  await t.test('it goes on when the server is started anew', async () => {
    const { child, socket } = await startExport(t, scene, point.id)
    const client = await NbdClient.connect({ path: socket })
    const into = Buffer.alloc(CHUNK)
    await client.read(0, into)
    const restarted = scene.restartServer()
    await client.read(6 * 2 ** 20, into)
    assert.ok(into.equals(guest.subarray(6 * 2 ** 20, 6 * 2 ** 20 + CHUNK)))
    await restarted
    await client.read(7 * 2 ** 20, into)
    assert.ok(into.equals(guest.subarray(7 * 2 ** 20, 7 * 2 ** 20 + CHUNK)))
    const refused = await holdfast.run<RefusedAnswer>('point', 'delete', point.id, '--preview')
    assert.equal(refused.json.error.code, 'point-held')
    await client.close()
    await child.kill('SIGTERM')
  })

  await t.test('a damaged chunk is an I/O error, and nothing else is', async () => {
    const store = holdfast.path('server', 'store')
    const packs = (await readdir(store, { recursive: true })).filter((name) =>
      /(^|\/)packs?\/.*[^/]$/.test(name),
    )
    const pack = packs.map((name) => name.split('/').at(-1) ?? '').find((name) => name.length > 8)
    assert.ok(pack, packs.join())
    await flipByte(join(store), pack, 1_000_000)
    const { child, socket } = await startExport(t, scene, point.id)
    const client = await NbdClient.connect({ path: socket })
    const failed: number[] = []
    for (let at = 0; at < guest.length; at += CHUNK) {
      const into = Buffer.alloc(Math.min(CHUNK, guest.length - at))
      try {
        await client.read(at, into)
        assert.ok(into.equals(guest.subarray(at, at + into.length)), `at ${at}`)
      } catch (error) {
        assert.match(String(error), /EIO .*damaged/)
        failed.push(at)
      }
    }
    assert.equal(failed.length, 1)
    assert.ok(child.isRunning)
    assert.match(child.stderr, new RegExp(`offset ${failed[0] ?? ''} are damaged`))
    assert.match(child.stderr, /hint: /)
    await client.close()
    await child.kill('SIGTERM')
    const shown = await holdfast.ok<{ state: string }>('point', 'show', point.id)
    assert.equal(shown.json.state, 'damaged')
  })

  await t.test('what cannot be exported is said', async () => {
    const listen = ['--listen', 'unix:/nowhere/at/all']
    const cases: [string[], number, string][] = [
      [[point.id, ...listen], 1, 'invalid-argument'],
      [[point.id, '--disk', 'sda', ...listen], 1, 'not-found'],
      [['p-nothing', ...listen], 1, 'not-found'],
      [[point.id, '--listen', '0.0.0.0:0'], 2, 'wrong-usage'],
      [[point.id, '--listen', 'socket'], 2, 'wrong-usage'],
      [[point.id, '--listen', '127.0.0.1:0', '--tls', '/nowhere'], 1, 'invalid-argument'],
    ]
    for (const [args, status, code] of cases) {
      const answer = await holdfast.run<RefusedAnswer>('export', ...args)
      assert.deepEqual([answer.status, answer.json.error.code], [status, code], args.join(' '))
    }
  })
})
