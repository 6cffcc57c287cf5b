import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { run } from '../data/run.ts'
import { seconds } from './seconds.ts'

/**
 * guestfish starts a small machine for each use. Under emulation, as processors in the cloud seldom let
 * guests have guests; where the machine has no kernel of Debian's to start (a container), one is unpacked.
 * Root only there: it insists on the folder /lib/modules.
 */
export class Guestfish {
  readonly #environment: NodeJS.ProcessEnv

  private constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment
  }

  static async prepare(folder: string): Promise<Guestfish> {
    const direct = { LIBGUESTFS_BACKEND: 'direct', LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
    const hasKernel = (await readdir('/boot')).some((name) => name.startsWith('vmlinuz'))
    return new Guestfish({ ...direct, ...(hasKernel ? {} : await unpackKernel(folder)) })
  }

  /** As its manual has it: started, mounted read-only, asked, ended. */
  ask(image: string, command: readonly string[]): Promise<number> {
    const words = ['--ro', '--format=raw', '-a', image, '-m', '/dev/sda']
    return seconds(() => run('guestfish', [...words, '--', ...command], this.#environment))
  }
}

async function unpackKernel(folder: string): Promise<NodeJS.ProcessEnv> {
  const own = path.join(folder, 'kernel')
  await mkdir(own)
  await mkdir('/lib/modules', { recursive: true })
  const names = await run('apt-cache', ['depends', 'linux-image-cloud-amd64'])
  const name = /Depends: (linux-image-[0-9]\S+)/.exec(names)?.[1] ?? ''
  const options = ['-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=root']
  await run('sh', [
    '-c',
    'cd "$0" && shift && exec apt-get -qq "$@"',
    own,
    '',
    ...options,
    'download',
    name,
  ])
  const [file = ''] = await readdir(own)
  await run('dpkg-deb', ['-x', path.join(own, file), own])
  const version = name.replace('linux-image-', '')
  await run('depmod', ['-b', own, version])
  return {
    SUPERMIN_KERNEL: path.join(own, 'boot', `vmlinuz-${version}`),
    SUPERMIN_MODULES: path.join(own, 'lib/modules', version),
  }
}
