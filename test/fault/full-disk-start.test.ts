import assert from 'node:assert/strict'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { RefusedAnswer } from '../support/answers.ts'
import { Child } from '../support/child.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'
import { writeRawDisk } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'
import { fillDisk, smallDisk } from '../support/small-disk.ts'

const ANYWHERE = ['--listen', '127.0.0.1:0', '--agents', '127.0.0.1:0']

async function checkRefused(child: Child, folder: string): Promise<void> {
  const ended = await child.end()
  assert.equal(ended.status, 1, ended.stderr)
  const { error } = JSON.parse(ended.stdout) as RefusedAnswer
  assert.equal(error.code, 'data-folder-full', ended.stdout)
  assert.ok(error.message.includes(folder), error.message)
  assert.match(ended.stderr, /hint: Free space/)
}

test('a disk that is full when server or agent starts is named, and all goes on with room', async (t) => {
  if (lacksRoot(t) || lacksTool(t, 'mount')) return
  const { folder: disk } = await smallDisk(t, 300)
  const full = join(disk, 'filler')

  await t.test('a server: before it ever ran, and after it did', async () => {
    const data = join(disk, 'server')
    const start = () => new Child(['server', 'run', '--json', '--data', data, ...ANYWHERE])
    await mkdir(data)
    await fillDisk(full, 0)
    await checkRefused(start(), data)
    await rm(full)
    await startAndStop(start)
    await fillDisk(full, 0)
    await checkRefused(start(), data)
    await rm(full)
    await startAndStop(start)
  })
  await t.test('an agent: the same, and its token is still good', async () => {
    const scene = await Scene.open(t, { hosts: [] })
    const { holdfast } = scene
    await mkdir(holdfast.images)
    await writeRawDisk(scene.image('disk.raw'), { chunks: 6, tail: 512, seed: 1 })
    const { token } = (await holdfast.ok<{ token: string }>('token', 'create')).json
    const data = join(disk, 'agent')
    await mkdir(data)
    const args = ['--json', '--name', 'alpha', '--data', data, ...scene.agentArgs]
    const start = () => new Child(['agent', 'run', ...args], { HOLDFAST_JOIN_TOKEN: token })
    await fillDisk(full, 0)
    await checkRefused(start(), data)
    await rm(full)
    await startAndStop(start)
    const agent = start()
    await agent.ready()
    await scene.sources('alpha/disk.raw')
    assert.equal((await scene.point('alpha/disk.raw')).state, 'ready')
    await agent.kill('SIGTERM')
  })
})

async function startAndStop(start: () => Child): Promise<void> {
  const child = start()
  await child.ready()
  await child.kill('SIGTERM')
}
