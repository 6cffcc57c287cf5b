import { execFile } from 'node:child_process'
import { lchown, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const NOBODY = 65534 // the one uid beside root's that every /etc/passwd has

/** How PostgreSQL, which refuses to be root, is run. Its files belong to `owner`. */
export interface Account {
  readonly owner: number
  /** Set where the process must change its user itself. */
  readonly uid?: number
  command(binary: string, args: readonly string[]): { file: string; args: string[] }
}

/**
 * An ordinary user runs it as itself. Root runs it in a user namespace where root is called nobody:
 * its files stay root's, and folders that only root may enter work. Where namespaces are refused,
 * as in most containers, it runs as the real nobody, who must then be able to reach the binaries.
 */
export async function chooseAccount(postgres: string): Promise<Account> {
  const self = process.getuid?.() ?? 0
  if (self !== 0) return { owner: self, command: plainly }
  if (await namespacesWork(postgres)) return { owner: 0, command: inNamespace }
  return { owner: NOBODY, uid: NOBODY, command: plainly }
}

function plainly(binary: string, args: readonly string[]): { file: string; args: string[] } {
  return { file: binary, args: [...args] }
}

function inNamespace(binary: string, args: readonly string[]): { file: string; args: string[] } {
  const mapping = ['-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--']
  return { file: 'unshare', args: [...mapping, binary, ...args] }
}

async function namespacesWork(postgres: string): Promise<boolean> {
  try {
    const { file, args } = inNamespace(postgres, ['--version'])
    await run(file, args)
    return true
  } catch {
    return false
  }
}

/** Gives a folder and all in it to `owner`; for data that ran under another account before. */
export async function giveTo(owner: number, folder: string): Promise<void> {
  if (process.getuid?.() !== 0 || (await lstat(folder)).uid === owner) return
  for (const entry of await readdir(folder, { recursive: true }))
    await lchown(join(folder, entry), owner, owner)
  await lchown(folder, owner, owner)
}
