import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LibvirtDaemon } from '../../scripts/libvirt/libvirt-daemon.ts'
import { BLOCK_BYTES } from '../data/allocated-blocks.ts'
import { contentOf } from '../data/data-set.ts'
import { run } from '../data/run.ts'
import type { Resident } from '../measure/measured.ts'

export const VM = 'vm'
const DEVICE = '/machine/peripheral/virtio-disk0/virtio-backend'

/** A VM that runs below a libvirt of its own, idle but for what is written through its disk's device. */
export class LiveVm {
  readonly daemon: LibvirtDaemon
  readonly image: string
  /** The same bytes as a file of their own. */
  readonly raw: string
  readonly #folder: string

  private constructor(daemon: LibvirtDaemon, folder: string, image: string) {
    this.daemon = daemon
    this.#folder = folder
    this.image = image
    this.raw = path.join(folder, 'vm.raw')
  }

  static async start(from: string, folder: string): Promise<LiveVm> {
    await mkdir(folder, { recursive: true })
    const image = path.join(folder, 'vm.qcow2')
    await run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', from, image])
    await run('cp', ['--sparse=always', '--reflink=auto', from, path.join(folder, 'vm.raw')])
    const daemon = await LibvirtDaemon.prepare('bench')
    const vm = new LiveVm(daemon, folder, image)
    try {
      await daemon.run()
      await daemon.define(domainXml(image))
      await daemon.virsh('start', VM)
      return vm
    } catch (error) {
      await vm.end()
      throw error
    }
  }

  /** Its QEMU and libvirt: both sides of a comparison make them work. */
  async residents(): Promise<Resident[]> {
    const place = path.join(this.daemon.folder, 'run')
    const pidFiles = {
      qemu: path.join(place, 'qemu', `${VM}.pid`),
      libvirt: path.join(place, 'own.pid'),
    }
    const found = Object.entries(pidFiles).map(async ([name, file]) => ({
      ...{ name, pid: Number(await readFile(file, 'utf8')) },
    }))
    return Promise.all(found)
  }

  /** New content in these blocks of 64 KiB; half of each compresses. */
  async rewrite(blocks: readonly number[]): Promise<void> {
    const contents = path.join(this.#folder, 'contents')
    await mkdir(contents, { recursive: true })
    const lines: string[] = []
    const raw = await open(this.raw, 'r+')
    for (const block of blocks) {
      const file = path.join(contents, `${block}`)
      const content = contentOf(block)
      await writeFile(file, content)
      await raw.write(content, 0, content.length, block * BLOCK_BYTES)
      const write = `write -s ${file} ${block * BLOCK_BYTES} ${BLOCK_BYTES}`
      lines.push(`qemu-monitor-command ${VM} --hmp 'qemu-io -d ${DEVICE} "${write}"'`)
    }
    await raw.close()
    // QEMU has written what a cache of its own would hold back.
    lines.push(`qemu-monitor-command ${VM} --hmp 'qemu-io -d ${DEVICE} "flush"'`)
    await virshScript(this.daemon.uri, lines.join('\n'))
    // They stay: ext4 looks at each inode that was freed a moment ago before it gives one to the next file,
    // which whoever is measured first would pay for.
  }

  /** What the VM has now: read through QEMU while nothing writes. */
  async readAll(target: string): Promise<void> {
    const flags = ['-U', '-f', 'qcow2', '-O', 'raw']
    await run('qemu-img', ['convert', ...flags, this.image, target])
  }

  async end(): Promise<void> {
    await this.daemon.dispose()
  }
}

/** One process for all of them: a command each would take longer than what it does. */
async function virshScript(uri: string, script: string): Promise<void> {
  const child = spawn('virsh', ['-q', '-c', uri], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (part: Buffer) => (said += part.toString()))
  child.stdin.end(`${script}\n`)
  const status = await new Promise((resolve) => child.once('close', resolve))
  if (status !== 0 || /error|fail/i.test(said)) throw new Error(`virsh: ${said.slice(0, 500)}`)
}

function domainXml(image: string): string {
  return `<domain type='qemu'><name>${VM}</name><uuid>${randomUUID()}</uuid>
    <memory unit='MiB'>64</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type></os>
    <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
      <source file='${image}'/><target dev='vda' bus='virtio'/></disk>
      <video><model type='none'/></video></devices></domain>`
}
