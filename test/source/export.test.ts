import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { startNbdExport } from '../../agent/source/nbd-export.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { GUEST_BYTES, guestContent, makeImage, temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { openNamed, providerOver } from './reading.ts'

const guest = guestContent('export', GUEST_BYTES)

/** Pids of the processes whose command line names this path. */
async function processesOver(path: string): Promise<number[]> {
  const pids: number[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.includes('qemu-nbd') && command.includes(path)) pids.push(Number(pid))
  }
  return pids
}

async function untilNoneOver(path: string): Promise<void> {
  while ((await processesOver(path)).length > 0) await wait(20)
}

void test('closing a view ends its process', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const folder = await temporaryFolder(t)
  await makeImage(folder, 'plain.qcow2', guest)
  const view = await openNamed(providerOver(folder), 'plain.qcow2')
  assert.equal((await processesOver(folder)).length, 1)
  await view.close()
  assert.deepEqual(await processesOver(folder), [])
})

for (const moment of ['after it connected', 'before it connected'] as const)
  void test(`when we are killed ${moment}, the process ends too`, async (t) => {
    if (lacksTool(t, 'qemu-nbd') || lacksTool(t, 'setpriv')) return
    const folder = await temporaryFolder(t)
    await makeImage(folder, 'plain.qcow2', guest)
    const script =
      moment === 'after it connected'
        ? `import { openNamed, providerOver } from '${import.meta.dirname}/reading.ts'
           await openNamed(providerOver('${folder}'), 'plain.qcow2'); console.log('open')`
        : `import { spawn } from 'node:child_process'
           spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'qemu-nbd', '-r', '-k', '${folder}/socket',
             '-f', 'qcow2', '${folder}/plain.qcow2']); console.log('open')`
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', `${script}; setInterval(() => {}, 9e5)`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    await once(child.stdout, 'data')
    while ((await processesOver(folder)).length === 0) await wait(20)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    await untilNoneOver(folder)
    // The folder that it left is removed by whoever opens one next.
    const { pid } = child
    await (await openNamed(providerOver(folder), 'plain.qcow2')).close()
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith(`holdfast-nbd-${pid}-`))
    assert.deepEqual(left, [])
  })

void test('a process that dies is an error of what it served, not a hang', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const folder = await temporaryFolder(t)
  await makeImage(folder, 'plain.qcow2', guest)
  const view = await openNamed(providerOver(folder), 'plain.qcow2')
  t.after(() => view.close())
  for (const pid of await processesOver(folder)) process.kill(pid, 'SIGKILL')
  const read = view.disks[0]?.reader.read(0, Buffer.alloc(GUEST_BYTES))
  await assert.rejects(read ?? Promise.resolve(), { code: 'tool-failed' })
})

void test('what the tool says about an image it cannot open becomes the error', async (t) => {
  if (lacksTool(t, 'qemu-nbd')) return
  const folder = await temporaryFolder(t)
  const start = (driver: string, filename: string) =>
    startNbdExport({
      node: { driver, file: { driver: 'file', filename } },
      name: filename,
      searchPath: process.env['PATH'] ?? '',
      clock: systemClock,
    })
  await assert.rejects(start('qcow2', join(folder, 'gone')), {
    code: 'source-missing',
    message: /gone/,
  })
  await assert.rejects(start('qcow2', '/proc/self/exe'), { code: 'source-damaged' })
  await assert.rejects(start('nonsense', '/proc/self/exe'), { code: 'format-unsupported' })
})
