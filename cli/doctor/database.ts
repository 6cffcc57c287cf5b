import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { chooseAccount } from '../../server/postgres/account.ts'
import { findBinaries } from '../../server/postgres/binaries.ts'
import { fine, type Finding, lacking, reasonOf } from './finding.ts'

const run = promisify(execFile)
const TIMEOUT_MS = 10_000
const POSTGRES_PORT = 5432

export function checkDatabase(databaseUrl: string | undefined): Promise<Finding> {
  return databaseUrl === undefined ? checkEmbedded() : checkExternal(databaseUrl)
}

/** Runs it as the server would: PostgreSQL refuses to be root, and others may not reach its files. */
async function checkEmbedded(): Promise<Finding> {
  try {
    const { postgres, version } = await findBinaries()
    const account = await chooseAccount(postgres)
    const { file, args } = account.command(postgres, ['--version'])
    const identity = account.uid === undefined ? {} : { uid: account.uid, gid: account.uid }
    await run(file, args, { ...identity, timeout: TIMEOUT_MS })
    return fine('database', `the embedded PostgreSQL ${version} runs`)
  } catch (error) {
    const hint =
      'npm ci with install scripts allowed; as root: allow user namespaces, or let everybody read ' +
      'node_modules; or set DATABASE_URL to a PostgreSQL of yours'
    return lacking('database', `the embedded PostgreSQL does not run: ${reasonOf(error)}`, hint)
  }
}

/** Whether something listens there; name and password are the server's business. */
async function checkExternal(databaseUrl: string): Promise<Finding> {
  try {
    const url = new URL(databaseUrl)
    const folder = url.searchParams.get('host')
    const port = Number(url.port || POSTGRES_PORT)
    const where = folder?.startsWith('/') ? { path: `${folder}/.s.PGSQL.${port}` } : undefined
    await dial(where ?? { host: folder ?? url.hostname, port })
    return fine('database', `something listens at ${folder ?? url.host}`)
  } catch (error) {
    const hint = 'is that PostgreSQL running, and does a firewall let its port through?'
    return lacking('database', `DATABASE_URL: ${reasonOf(error)}`, hint)
  }
}

function dial(where: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...where, timeout: TIMEOUT_MS })
    socket.once('connect', () => resolve(void socket.destroy()))
    socket.once('timeout', () => socket.destroy(new Error('no answer in time')))
    socket.once('error', reject)
  })
}
