import { execFile } from 'node:child_process'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { lacks, lacksRoot, lacksTool } from './needs.ts'

const run = promisify(execFile)

/** A loop device over a file, gone after the test; undefined where the machine has none. */
export async function loopDevice(t: TestContext, file: string): Promise<string | undefined> {
  if (lacksRoot(t) || lacksTool(t, 'losetup')) return undefined
  const device = await run('losetup', ['-f', '--show', file]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
  if (lacks(t, 'loop devices', device !== undefined) || device === undefined) return undefined
  t.after(() => run('losetup', ['-d', device]))
  return device
}
