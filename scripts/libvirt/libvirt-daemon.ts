import { execFile, spawn } from 'node:child_process'
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

const PATIENCE_MS = 60_000
const SETTINGS = `user="root"
group="root"
dynamic_ownership=0
remember_owner=0
security_driver="none"
namespaces=[]
cgroup_controllers=[]
stdio_handler="file"
swtpm_user="libvirt-qemu"
swtpm_group="libvirt-qemu"
`
/** Users that libvirt wants to exist, whoever QEMU runs as. */
const USER = 'libvirt-qemu:x:64055:64055::/nonexistent:/usr/sbin/nologin\n'
const GROUPS = 'libvirt-qemu:x:64055:\nkvm:x:64056:\nlibvirt:x:64057:\n'

/**
 * A libvirt of its own, started by hand: no systemd, no D-Bus, in a mount namespace where all that it
 * writes lies in one folder. VMs are emulated. virsh is what it is asked and told with.
 */
export class LibvirtDaemon {
  readonly folder: string
  readonly #name: string

  private constructor(folder: string, name: string) {
    this.folder = folder
    this.#name = name
  }

  /** To be disposed of, also when it does not start: see `run`. */
  static async prepare(name = 'host'): Promise<LibvirtDaemon> {
    const folder = await mkdtemp(path.join(tmpdir(), `holdfast-libvirt-${name}-`))
    const daemon = new LibvirtDaemon(folder, name)
    await daemon.#prepare()
    return daemon
  }

  get uri(): string {
    return `qemu:///system?socket=${this.#socket}`
  }

  /** Where it keeps the state of emulated TPMs, as seen from outside. */
  get tpms(): string {
    return path.join(this.folder, 'lib', 'swtpm')
  }

  get #socket(): string {
    return path.join(this.folder, 'run', 'libvirt-sock')
  }

  async #prepare(): Promise<void> {
    const { folder } = this
    for (const name of ['run', 'etc', 'lib', 'cache', 'log']) await mkdir(path.join(folder, name))
    await chmod(folder, 0o755)
    await writeFile(path.join(folder, 'etc', 'qemu.conf'), SETTINGS)
    // Two on one machine must not be taken for one when a VM moves between them.
    const uuid = `0d5a6c1e-3a52-4b8f-9d4e-${Buffer.from(this.#name.padEnd(6)).toString('hex').slice(0, 12)}`
    await writeFile(path.join(folder, 'etc', 'libvirtd.conf'), `host_uuid = "${uuid}"\n`)
    await completed('/etc/passwd', path.join(folder, 'passwd'), USER)
    await completed('/etc/group', path.join(folder, 'group'), GROUPS)
  }

  async run(): Promise<void> {
    const { folder } = this
    const binds = [
      ...['passwd', 'group'].map((file) => [`${folder}/${file}`, `/etc/${file}`]),
      ...[
        ['run', '/run/libvirt'],
        ['etc', '/etc/libvirt'],
        ['lib', '/var/lib/libvirt'],
        ['cache', '/var/cache/libvirt'],
        ['log', '/var/log/libvirt'],
      ].map(([own, place]) => [`${folder}/${own}`, place]),
    ]
    const script = [
      ...['/run', '/var/lib', '/var/cache', '/var/log'].map(
        (place) => `mount -t tmpfs tmpfs ${place} && mkdir ${place}/libvirt`,
      ),
      ...binds.map(([own, place]) => `mount --bind '${own}' ${place}`),
      `exec libvirtd -p '${folder}/run/own.pid' -f /etc/libvirt/libvirtd.conf`,
    ].join(' && ')
    const words = ['-m', '--propagation', 'private', 'sh', '-c', script]
    const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` }
    spawn('unshare', words, { detached: true, stdio: 'ignore', env }).unref()
    const end = performance.now() + PATIENCE_MS
    while (!(await this.#answers())) {
      if (performance.now() > end) throw new Error('libvirtd does not start')
      await wait(100)
    }
  }

  async #answers(): Promise<boolean> {
    if (!(await stat(this.#socket).catch(() => undefined))) return false
    return this.virsh('uri').then(
      () => true,
      () => false,
    )
  }

  async virsh(...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('virsh', ['-q', '-c', this.uri, ...words], {
      timeout: PATIENCE_MS,
    })
    return stdout.trim()
  }

  async define(xml: string): Promise<void> {
    const file = path.join(this.folder, 'domain.xml')
    await writeFile(file, xml)
    await this.virsh('define', file)
  }

  async state(name: string): Promise<string> {
    return this.virsh('domstate', name)
  }

  /** Throws QEMU's own words when it refuses. */
  async qmp<T>(name: string, command: string, args: Record<string, unknown> = {}): Promise<T> {
    const json = JSON.stringify({ execute: command, arguments: args })
    const answer = JSON.parse(await this.virsh('qemu-monitor-command', name, json)) as {
      return?: T
      error?: { desc: string }
    }
    if (answer.error) throw new Error(answer.error.desc)
    return answer.return as T
  }

  /** As the guest's driver would: through the device, whatever is below it at that time. */
  async write(name: string, device: string, pattern: number, at: number, length: number) {
    const line = `qemu-io -d ${device} "write -P ${pattern} ${at} ${length}"`
    const said = await this.qmp<string>(name, 'human-monitor-command', { 'command-line': line })
    if (/error|fail/i.test(said)) throw new Error(said)
  }

  /** The daemon alone: its VMs go on. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const pid = await pidIn(path.join(this.folder, 'run', 'own.pid'))
    if (pid === undefined) return
    process.kill(pid, signal)
    while (await stat(`/proc/${pid}`).catch(() => undefined)) await wait(20)
    await rm(this.#socket, { force: true })
  }

  /** It ends, and its VMs with it. */
  async dispose(): Promise<void> {
    await this.kill('SIGTERM').catch(() => {})
    const vms = path.join(this.folder, 'run', 'qemu')
    for (const name of await readdir(vms).catch(() => [])) {
      const pid = name.endsWith('.pid') ? await pidIn(path.join(vms, name)) : undefined
      if (pid === undefined) continue
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // ended meanwhile
      }
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function completed(from: string, to: string, lines: string): Promise<void> {
  await copyFile(from, to)
  const text = await readFile(to, 'utf8')
  const missing = lines
    .split('\n')
    .filter((line) => line !== '' && !text.includes(`${line.split(':')[0]}:`))
  await writeFile(to, `${text.trimEnd()}\n${missing.join('\n')}\n`)
}

async function pidIn(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text === '' ? undefined : Number(text)
}
