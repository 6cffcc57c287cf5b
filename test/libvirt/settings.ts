import assert from 'node:assert/strict'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { TestContext } from 'node:test'
import type { LibvirtDaemon } from '../../scripts/libvirt/libvirt-daemon.ts'
import { until, type Scene } from '../support/scene.ts'
import { makeDomain } from './domain.ts'

const MIB = 2 ** 20
const CHANNEL = `<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>`
const DISKS = ['vda', 'vdb'].map((target) => {
  return { target, format: 'qcow2', sizeBytes: 2 * MIB } as const
})

/** A VM whose guest agent does not answer: nothing runs in it. */
export async function makeMute(daemon: LibvirtDaemon, folder: string): Promise<void> {
  await makeDomain(daemon, { name: 'mute', folder, disks: DISKS, devices: CHANNEL })
}

export async function pausedInstead(t: TestContext, scene: Scene, daemon: LibvirtDaemon) {
  await t.test('a guest agent that does not answer: paused, where that was asked for', async () => {
    await daemon.virsh('start', 'mute')
    const wish = ['alpha/mute', '--consistency', 'filesystem', '--fallback']
    const refused = await scene.create(...wish, 'fail')
    assert.equal(refused.json[0]?.error?.code, 'consistency-unreached', refused.stdout)
    const { json } = await scene.create(...wish, 'pause')
    const { point, warnings } = json[0] ?? {}
    assert.deepEqual([point?.consistency, point?.paused], ['crash', true])
    assert.match(warnings?.join() ?? '', /guest agent/)
    assert.equal(await daemon.state('mute'), 'running')
  })
}

/** A replica that another program keeps: its metadata name a command that reads a file. */
export async function makeStandby(daemon: LibvirtDaemon, folder: string): Promise<void> {
  const { command, calls, state } = standbyFiles(folder)
  const script = [
    '#!/bin/sh',
    `echo called >> '${calls}'`,
    `[ "$(cat '${state}')" = settled ] || { cat '${state}' >&2; exit 1; }`,
  ]
  await writeFile(command, `${script.join('\n')}\n`)
  await chmod(command, 0o700)
  await writeFile(state, 'settled')
  await makeDomain(daemon, {
    ...{ name: 'standby', folder, disks: DISKS.slice(0, 1) },
    more: `<metadata><hf:vm xmlns:hf='urn:holdfast:vm'>
      <hf:replicationStatus>${command}</hf:replicationStatus></hf:vm></metadata>`,
  })
}

export async function standbyWaits(t: TestContext, scene: Scene) {
  const { calls, state } = standbyFiles(scene.holdfast.folder)
  await t.test('a standby replica waits for the end of a round, and for its health', async () => {
    assert.equal((await scene.point('alpha/standby')).consistency, 'cold')
    for (const word of ['round 7 is being applied', 'unhealthy: 3 rounds behind']) {
      await writeFile(state, word)
      await writeFile(calls, '')
      const answer = scene.create('alpha/standby')
      await until('a second try', async () => (await linesOf(calls)) > 1 || undefined)
      const { json: meanwhile } = await scene.holdfast.ok<unknown[]>(
        ...['point', 'list', '--source', 'alpha/standby'],
      )
      await writeFile(state, 'settled')
      const [made] = (await answer).json
      assert.equal(made?.point?.consistency, 'cold', JSON.stringify(made))
      assert.ok(!JSON.stringify(meanwhile).includes(made.point.id), 'there was none before')
    }
  })
}

function standbyFiles(folder: string) {
  const place = (name: string) => path.join(folder, `standby-${name}`)
  return { command: place('status'), calls: place('calls'), state: place('state') }
}

async function linesOf(file: string): Promise<number> {
  return (await readFile(file, 'utf8')).split('\n').length - 1
}
