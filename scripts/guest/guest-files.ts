import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PARTS = ['build.sh', 'init', 'shutdown', 'freeze-hook']

export interface GuestFiles {
  readonly kernel: string
  readonly initrd: string
}

/** Kernel and initial RAM disk of the guest, built once a machine and user, and kept in /tmp. */
export async function guestFiles(): Promise<GuestFiles> {
  const parts = PARTS.map((part) => path.join(import.meta.dirname, part))
  const hash = createHash('sha256')
  for (const part of parts) hash.update(await readFile(part))
  const name = `holdfast-guest-${userInfo().uid}-${hash.digest('hex').slice(0, 12)}`
  const folder = path.join(tmpdir(), name)
  const files = { kernel: path.join(folder, 'vmlinuz'), initrd: path.join(folder, 'initrd.gz') }
  const isThere = await access(files.kernel).then(
    () => true,
    () => false,
  )
  if (!isThere) await build(parts[0] ?? '', folder)
  return files
}

/** Beside, then renamed: two test processes may do it at once, and either result is good. */
async function build(script: string, folder: string): Promise<void> {
  const fresh = await mkdtemp(`${folder}-new-`)
  try {
    await run('sh', [script, fresh])
    await rename(fresh, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}
