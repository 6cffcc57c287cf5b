import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const BLOCK_BYTES = 4 * 2 ** 20

/** A folder on a file system of its own, until the test ends; gives how to make it larger. As root. */
export async function smallDisk(t: TestContext, mib: number) {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-small-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'holdfast-test', folder])
  t.after(async () => {
    await run('umount', ['-l', folder])
    await rm(folder, { recursive: true })
  })
  const resize = (to: number) => run('mount', ['-o', `remount,size=${to}m`, folder])
  return { folder, resize }
}

/** Takes what is free, but for so many bytes, into the file `path`. */
export async function fillDisk(path: string, leave: number): Promise<void> {
  const handle = await open(path, 'w')
  const block = Buffer.alloc(BLOCK_BYTES, 1)
  try {
    for (;;) await handle.writeFile(block)
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
  } finally {
    await handle.truncate((await handle.stat()).size - leave)
    await handle.close()
  }
}
