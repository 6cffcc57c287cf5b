import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { open, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import test from 'node:test'
import type { Child } from '../support/child.ts'
import { CHUNK } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'

const TIB = 2 ** 40
const SIZE = 2.5 * TIB + 4096 + 512
const MOST_RESIDENT_KIB = 350 * 1024

/** Where there is data: at the ends, at the borders of map pages, and far between. */
const PLACES = [0, 1023 * CHUNK, 1024 * CHUNK, 0.7 * TIB, 2 * TIB - CHUNK, 2 * TIB, SIZE - 4608]

function content(at: number): Buffer {
  return Buffer.alloc(4096, `data at ${at}. `)
}

/** The most that the process ever had resident. */
async function peakKib(process: Child | undefined): Promise<number> {
  const status = await readFile(`/proc/${process?.pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1])
}

test('a sparse image of 2.5 TiB costs what is in it, in time and memory', async (t) => {
  const scene = await Scene.open(t)
  const image = scene.image('huge.raw')
  await writeFile(image, '')
  await truncate(image, SIZE)
  const handle = await open(image, 'r+')
  for (const at of PLACES) await handle.write(content(at), 0, 4096, Math.floor(at))
  await handle.close()
  await scene.sources('alpha/huge.raw')

  const point = await scene.point('alpha/huge.raw')
  assert.equal(point.sizeBytes, SIZE)
  const next = await scene.point('alpha/huge.raw')
  assert.equal(next.disks[0]?.transferMode, 'compared')
  assert.equal(next.sentBytes, 0)

  const file = await scene.restored(point.id)
  const restored = await stat(file)
  assert.equal(restored.size, SIZE)
  assert.ok(restored.blocks * 512 < 64 * CHUNK, `${restored.blocks * 512} bytes allocated`)
  const back = await open(file)
  for (const at of PLACES) {
    const bytes = Buffer.alloc(4096)
    await back.read(bytes, 0, 4096, Math.floor(at))
    assert.ok(bytes.equals(content(at)), `at ${at}`)
  }
  await back.close()

  const { answer, folder } = await scene.tryRestore(point.id, ['--format', 'vhd'])
  assert.equal(answer.status, 1)
  assert.equal(answer.json.error?.code, 'format-cannot-hold')
  assert.ok(!existsSync(folder), 'refused before a byte moves')

  const { server, agents } = scene.holdfast
  for (const process of [server, agents.get('alpha')]) {
    const kib = await peakKib(process)
    assert.ok(kib > 0 && kib <= MOST_RESIDENT_KIB, `${kib} KiB`)
  }
})
