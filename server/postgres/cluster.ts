import { execFile } from 'node:child_process'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { HoldfastError } from '../../core/model/error.ts'
import { giveTo, type Account } from './account.ts'
import type { PostgresBinaries } from './binaries.ts'

const run = promisify(execFile)

export const SUPERUSER = 'holdfast'

/** Makes `data` a cluster that these binaries can run: new, or of the same major version. */
export async function prepareCluster(
  data: string,
  binaries: PostgresBinaries,
  account: Account,
  durable: boolean,
): Promise<void> {
  const major = await clusterMajor(data)
  if (major === undefined) await createCluster(data, binaries, account, durable)
  else requireMajor(data, major, binaries)
  await giveTo(account.owner, data)
}

async function clusterMajor(data: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(data, 'PG_VERSION'), 'utf8'), 10)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function requireMajor(data: string, major: number, binaries: PostgresBinaries): void {
  if (major === binaries.major) return
  if (major > binaries.major)
    throw new HoldfastError(
      'data-folder-newer',
      `the database in ${data} was written by PostgreSQL ${major}, newer than ${binaries.version}`,
      { hint: 'Start the newer version of Holdfast again.' },
    )
  throw new HoldfastError(
    'version-incompatible',
    `the database in ${data} was written by PostgreSQL ${major}; this is ${binaries.version}`,
    { hint: 'Start it with the version of Holdfast that wrote it.' },
  )
}

/** Beside, then renamed: a cluster either exists whole or not at all. */
async function createCluster(
  data: string,
  binaries: PostgresBinaries,
  account: Account,
  durable: boolean,
): Promise<void> {
  const unfinished = `${data}.new`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await giveTo(account.owner, unfinished)
  const { file, args } = account.command(binaries.initdb, [
    `--pgdata=${unfinished}`,
    `--username=${SUPERUSER}`,
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
    // Whoever may enter the socket's folder (0700) is the owner or root.
    '--auth-local=trust',
    '--auth-host=reject',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ])
  try {
    await run(file, args, { ...processOptions(account), cwd: '/' })
  } catch (error) {
    throw refused(`cannot create a database in ${data}`, error, account)
  }
  await rename(unfinished, data)
}

export function processOptions(account: Account): {
  env: Record<string, string>
  uid?: number
  gid?: number
} {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return account.uid === undefined ? { env } : { env, uid: account.uid, gid: account.uid }
}

/** A PostgreSQL that did not start, with what it said itself. */
export function refused(message: string, error: unknown, account: Account): HoldfastError {
  const said = (error as { stderr?: string }).stderr?.trim() ?? String(error)
  const hint =
    account.uid === undefined
      ? 'The text above is PostgreSQL’s own; check space and rights of the data folder.'
      : 'As root without user namespaces it runs as nobody, who must be able to reach both the ' +
        'data folder and node_modules: run Holdfast as an ordinary user, or set DATABASE_URL.'
  return new HoldfastError('database-failed', `${message}: ${said}`, { hint, cause: error })
}
