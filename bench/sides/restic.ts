import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { run } from '../data/run.ts'
import { runWatched } from '../measure/command.ts'
import { folderBytes } from '../measure/folder-bytes.ts'
import type { Watch } from '../measure/measured.ts'

/** A restic repository of its own, with a cache of its own. */
export class Restic {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async create(folder: string): Promise<Restic> {
    await mkdir(folder, { recursive: true })
    const restic = new Restic(folder)
    await run('restic', ['init', '--quiet'], restic.#env())
    return restic
  }

  backup(watch: Watch, file: string, more: readonly string[] = []): Promise<string> {
    return this.#run(watch, ['backup', ...more, file])
  }

  restore(watch: Watch, file: string, target: string): Promise<string> {
    return this.#run(watch, ['restore', 'latest', '--path', file, '--target', target])
  }

  check(watch: Watch): Promise<string> {
    return this.#run(watch, ['check', '--read-data'])
  }

  get folder(): string {
    return path.join(this.#folder, 'repository')
  }

  storedBytes(): Promise<number> {
    return folderBytes(this.folder)
  }

  #run(watch: Watch, args: readonly string[]): Promise<string> {
    return runWatched(watch, 'restic', ['--quiet', ...args], this.#env())
  }

  #env(): NodeJS.ProcessEnv {
    return {
      RESTIC_REPOSITORY: path.join(this.#folder, 'repository'),
      RESTIC_CACHE_DIR: path.join(this.#folder, 'cache'),
      RESTIC_PASSWORD: 'bench',
    }
  }
}

/** restic's version, installed when it is missing and this is root; undefined when it stays so. */
export async function resticVersion(): Promise<string | undefined> {
  const ask = () => run('restic', ['version']).then((said) => said.trim())
  try {
    return await ask()
  } catch {
    if (process.getuid?.() !== 0) return undefined
  }
  try {
    await run('apt-get', ['install', '-y', '-q', 'restic'], { DEBIAN_FRONTEND: 'noninteractive' })
    return await ask()
  } catch {
    return undefined
  }
}
