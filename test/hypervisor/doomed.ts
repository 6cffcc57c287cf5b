import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Failpoint } from '../../core/runtime/failpoint-names.ts'
import type { Tracking } from './tracking.ts'

/** A point taken by an agent that is killed on the way. */
export async function doomed(
  { file, last, memory }: Tracking,
  folder: string,
  failpoint: Failpoint,
): Promise<void> {
  const script = path.join(import.meta.dirname, 'doomed-child.ts')
  const args = ['--disable-warning=ExperimentalWarning', script, folder, file]
  const more = [last?.versionUid ?? '', memory ? 'memory' : '']
  const child = spawn(process.execPath, [...args, ...more], {
    env: { ...process.env, HOLDFAST_FAILPOINTS: `${failpoint}=kill` },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [, signal] = (await once(child, 'exit')) as [number, string]
  assert.equal(signal, 'SIGKILL', `${failpoint} was hit`)
}
