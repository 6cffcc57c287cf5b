import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { QmpClient } from '../../agent/hypervisor/qmp-client.ts'
import { qemuImg } from './images.ts'
import type { DaemonDisk } from './storage-daemon.ts'

/** A real QEMU without a guest: its firmware finds nothing to boot. Writes go in through its devices. */
export class BareMachine {
  readonly folder: string
  readonly name: string
  readonly uuid: string
  readonly disks: readonly DaemonDisk[]
  #child: ChildProcess | undefined

  constructor(folder: string, name: string, disks: readonly DaemonDisk[], uuid: string) {
    this.folder = folder
    this.name = name
    this.uuid = uuid
    this.disks = disks
  }

  async makeImages(): Promise<void> {
    for (const { name, format, sizeBytes } of this.disks)
      await qemuImg('create', '-q', '-f', format, this.image(name), `${sizeBytes}`)
  }

  image(disk: string): string {
    const format = this.disks.find(({ name }) => name === disk)?.format ?? 'raw'
    return join(this.folder, `${disk}.${format}`)
  }

  get file(): string {
    return join(this.folder, `${this.name}.yaml`)
  }

  get qmpSocket(): string {
    return join(this.folder, `${this.name}.qmp`)
  }

  /** Without a word on the disks: the running machine says what it has. */
  async declare(isOffKnown = false): Promise<string> {
    const disks = this.disks.map(
      ({ name, format }) => `  - { name: ${name}, path: ${this.image(name)}, format: ${format} }\n`,
    )
    const text = `name: ${this.name}\nuuid: ${this.uuid}\nqmp: ${this.qmpSocket}\n`
    await writeFile(this.file, isOffKnown ? `${text}disks:\n${disks.join('')}` : text)
    return this.file
  }

  /** It ends with the test. */
  async run(t: TestContext, more: readonly string[] = []): Promise<void> {
    t.after(() => this.kill())
    await this.start(more)
  }

  async start(more: readonly string[] = []): Promise<void> {
    const child = spawn('qemu-system-x86_64', [...this.#arguments(), ...more], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    let said = ''
    child.stderr.on('data', (part: Buffer) => (said += part.toString()))
    for (let tries = 0; tries < 500; tries++) {
      if (child.exitCode !== null) throw new Error(`QEMU ended: ${said}`)
      const client = await QmpClient.connect(this.qmpSocket).catch(() => undefined)
      if (client) return client.close()
      await wait(20)
    }
    throw new Error(`QEMU did not start: ${said}`)
  }

  #arguments(): string[] {
    return [
      ...['-accel', 'tcg', '-machine', 'q35', '-m', '64', '-nodefaults', '-display', 'none'],
      ...['-uuid', this.uuid, '-qmp', `unix:${this.qmpSocket},server=on,wait=off`],
      ...this.disks.flatMap(({ name, format }) => [
        '-blockdev',
        `driver=${format},node-name=node-${name},discard=unmap,file.driver=file,file.filename=${this.image(name)}`,
        '-device',
        `virtio-blk-pci,id=${name},drive=node-${name}`,
      ]),
    ]
  }

  /** As the guest's driver would: through the device, whatever is below it at that time. */
  async write(disk: string, pattern: number, offset: number, length: number): Promise<void> {
    const path = `/machine/peripheral/${disk}/virtio-backend`
    const line = `qemu-io -d ${path} "write -P ${pattern} ${offset} ${length}"`
    const said = await this.qmp<string>('human-monitor-command', { 'command-line': line })
    if (/error|fail/i.test(said)) throw new Error(said)
  }

  async qmp<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
    for (let tries = 0; ; tries++) {
      const client = await QmpClient.connect(this.qmpSocket).catch((error: unknown) => {
        if (tries > 20) throw error // the agent looks at it now and then
      })
      if (!client) continue
      try {
        return await client.execute<T>(command, args)
      } finally {
        await client.close()
      }
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
