import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { run } from '../data/run.ts'
import { runWatched } from '../measure/command.ts'
import { folderBytes } from '../measure/folder-bytes.ts'
import type { Watch } from '../measure/measured.ts'

/** virtnbdbackup into a folder of its own, compressed by LZ4 as its manual proposes. */
export class Virtnbdbackup {
  readonly #uri: string
  readonly #folder: string

  constructor(uri: string, folder: string) {
    this.#uri = uri
    this.#folder = folder
  }

  async backup(watch: Watch, vm: string, level: 'full' | 'inc'): Promise<void> {
    await mkdir(this.#scratch, { recursive: true })
    const where = ['-U', this.#uri, '-d', vm, '-o', this.#target, '-S', this.#scratch]
    await runWatched(watch, 'virtnbdbackup', [...where, '-l', level, '-z', '-n'])
  }

  storedBytes(): Promise<number> {
    return folderBytes(this.#target)
  }

  get #target(): string {
    return path.join(this.#folder, 'target')
  }

  get #scratch(): string {
    return path.join(this.#folder, 'scratch')
  }
}

/** Its version, installed when it is missing and this is root; undefined when it stays so. */
export async function virtnbdbackupVersion(): Promise<string | undefined> {
  const ask = () => run('virtnbdbackup', ['-V']).then((said) => `virtnbdbackup ${said.trim()}`)
  const install = () =>
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'virtnbdbackup'], {
      DEBIAN_FRONTEND: 'noninteractive',
    })
  return ask().catch(() =>
    install()
      .then(ask)
      .catch(() => undefined),
  )
}
