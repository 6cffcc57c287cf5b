import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { writeFile } from 'node:fs/promises'
import { QmpClient } from '../../agent/hypervisor/qmp-client.ts'
import { NbdClient } from '../../core/nbd/client.ts'
import { qemuImg } from './images.ts'

export interface DaemonDisk {
  readonly name: string
  readonly format: 'qcow2' | 'raw'
  readonly sizeBytes: number
}

/**
 * `qemu-storage-daemon` as a running VM: it has QEMU's block layer and monitor. Its NBD exports, one
 * a disk, are what the guest would see.
 */
export class StorageDaemon {
  readonly folder: string
  readonly name: string
  readonly uuid: string
  readonly disks: readonly DaemonDisk[]
  #child: ChildProcess | undefined

  constructor(folder: string, name: string, disks: readonly DaemonDisk[], uuid = UUID) {
    this.folder = folder
    this.name = name
    this.uuid = uuid
    this.disks = disks
  }

  /** Makes the images and starts; it ends with the test. */
  static async start(
    t: TestContext,
    folder: string,
    name: string,
    disks: readonly DaemonDisk[],
  ): Promise<StorageDaemon> {
    const daemon = new StorageDaemon(folder, name, disks)
    await daemon.create()
    t.after(() => daemon.kill())
    await daemon.run()
    return daemon
  }

  async create(): Promise<void> {
    for (const { name, format, sizeBytes } of this.disks)
      await qemuImg('create', '-q', '-f', format, this.image(name), `${sizeBytes}`)
  }

  image(disk: string): string {
    const format = this.disks.find(({ name }) => name === disk)?.format ?? 'raw'
    return join(this.folder, `${this.name}-${disk}.${format}`)
  }

  get qmpSocket(): string {
    return join(this.folder, `${this.name}.qmp`)
  }

  get nbdSocket(): string {
    return join(this.folder, `${this.name}.nbd`)
  }

  get declaration(): string {
    return join(this.folder, `${this.name}.yaml`)
  }

  async declare(more = ''): Promise<string> {
    const lines = [
      `name: ${this.name}`,
      `uuid: ${this.uuid}`,
      `qmp: ${this.qmpSocket}`,
      `nbd: ${this.nbdSocket}`,
      'disks:',
      ...this.disks.flatMap(({ name, format }) => [
        `  - name: ${name}`,
        `    path: ${this.image(name)}`,
        `    format: ${format}`,
        `    node: ${name}`,
      ]),
    ]
    await writeFile(this.declaration, `${lines.join('\n')}\n${more}`)
    return this.declaration
  }

  async run(more: readonly string[] = []): Promise<void> {
    const child = spawn('qemu-storage-daemon', [...this.#arguments(), ...more], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    let said = ''
    child.stderr.on('data', (part: Buffer) => (said += part.toString()))
    for (let tries = 0; tries < 500; tries++) {
      if (child.exitCode !== null) throw new Error(`qemu-storage-daemon ended: ${said}`)
      const client = await this.guest(this.disks[0]?.name ?? '').catch(() => undefined)
      if (client) return client.close()
      await wait(20)
    }
    throw new Error(`qemu-storage-daemon did not start: ${said}`)
  }

  #arguments(): string[] {
    const monitor = `socket,path=${this.qmpSocket},server=on,wait=off,id=m`
    return [
      ...['--chardev', monitor, '--monitor', 'chardev=m'],
      ...['--nbd-server', `addr.type=unix,addr.path=${this.nbdSocket}`],
      ...this.disks.flatMap(({ name, format }) => [
        '--blockdev',
        `driver=${format},node-name=${name}-format,discard=unmap,file.driver=file,file.discard=unmap,file.filename=${this.image(name)}`,
        '--blockdev',
        `driver=raw,node-name=${name},discard=unmap,file=${name}-format`,
        '--export',
        `type=nbd,id=guest-${name},node-name=${name},name=${name},writable=on`,
      ]),
    ]
  }

  /** The disk as the guest sees it, to write to. */
  guest(disk: string): Promise<NbdClient> {
    return NbdClient.connect({ path: this.nbdSocket }, { exportName: disk })
  }

  async guestBytes(disk: string): Promise<Buffer> {
    const client = await this.guest(disk)
    const bytes = Buffer.alloc(client.sizeBytes)
    for (let at = 0; at < bytes.length; at += 1 << 20)
      await client.read(at, bytes.subarray(at, at + (1 << 20)))
    await client.close()
    return bytes
  }

  async qmp<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
    const client = await QmpClient.connect(this.qmpSocket)
    try {
      return await client.execute<T>(command, args)
    } finally {
      await client.close()
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

const UUID = '6f1c6e2a-5a0e-4d1b-9c55-0a1b2c3d4e5f'
