import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { openSync, closeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { GuestFiles } from './guest-files.ts'

export interface GuestShape {
  readonly name: string
  readonly uuid: string
  /** Of its sockets and its console. */
  readonly folder: string
  readonly disks: readonly GuestDisk[]
  readonly memoryMiB?: number
  readonly mac?: string
  /** Words for the guest's ./init, such as hf.writer. */
  readonly asks?: readonly string[]
}

export interface GuestDisk {
  readonly name: string
  readonly path: string
  readonly format: string
}

export interface GuestSockets {
  readonly qmp: string
  readonly agent: string
  readonly console: string
}

export function guestSockets({ folder, name }: GuestShape): GuestSockets {
  const file = (ending: string) => path.join(folder, `${name}.${ending}`)
  return { qmp: file('qmp'), agent: file('agent'), console: file('console') }
}

/** The words of the command that starts it. Emulated: a KVM that is there may not work. */
export function guestCommand(files: GuestFiles, shape: GuestShape): string[] {
  const { qmp, agent, console } = guestSockets(shape)
  const append = ['console=ttyS0', 'quiet', 'panic=-1', ...(shape.asks ?? [])].join(' ')
  const mac = shape.mac ?? '52:54:00:12:34:56'
  return [
    'qemu-system-x86_64',
    ...['-name', shape.name, '-uuid', shape.uuid],
    ...['-accel', 'tcg', '-machine', 'q35', '-cpu', 'max', '-m', String(shape.memoryMiB ?? 256)],
    ...['-smp', '1', '-nodefaults', '-display', 'none'],
    ...['-kernel', files.kernel, '-initrd', files.initrd, '-append', append],
    ...['-serial', `file:${console}`],
    ...['-qmp', `unix:${qmp},server=on,wait=off`],
    ...['-chardev', `socket,id=agent,path=${agent},server=on,wait=off`],
    ...['-device', 'virtio-serial-pci'],
    ...['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
    ...['-netdev', 'user,id=net0', '-device', `virtio-net-pci,netdev=net0,mac=${mac}`],
    ...shape.disks.flatMap(diskWords),
  ]
}

function diskWords({ name, path: file, format }: GuestDisk): string[] {
  const node = `driver=${format},node-name=${name},file.driver=file,file.filename=${file}`
  return ['-blockdev', node, '-device', `virtio-blk-pci,drive=${name},id=dev-${name}`]
}

/** What an agent's --vm takes. JSON is YAML. */
export function guestDeclaration(shape: GuestShape, start: readonly string[]): string {
  const { qmp, agent } = guestSockets(shape)
  const { name, uuid, disks } = shape
  return `${JSON.stringify({ name, uuid, qmp, guestAgent: agent, start, disks }, null, 2)}\n`
}

const PATIENCE_MS = 120_000

/** One run of the guest: a process, and what it says on its console. */
export class GuestVm {
  readonly shape: GuestShape
  readonly sockets: GuestSockets
  readonly #child: ChildProcess

  private constructor(shape: GuestShape, child: ChildProcess) {
    this.shape = shape
    this.sockets = guestSockets(shape)
    this.#child = child
  }

  /** Does not wait for the guest. What QEMU itself says goes to a file beside the console's. */
  static start(shape: GuestShape, command: readonly string[]): GuestVm {
    const [program = '', ...words] = command
    const log = openSync(`${guestSockets(shape).console}.log`, 'a')
    const child = spawn(program, words, { stdio: ['ignore', log, log] })
    closeSync(log)
    return new GuestVm(shape, child)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Resolves once the guest agent may be asked. */
  async ready(): Promise<void> {
    await this.said(/^READY/m)
  }

  /** What the console says, once it says this. */
  async said(what: RegExp): Promise<string> {
    const end = performance.now() + PATIENCE_MS
    for (;;) {
      const text = await consoleText(this.sockets.console)
      if (what.test(text)) return text
      if (!this.isRunning) throw new Error(`${this.shape.name} ended: ${await this.#complaint()}`)
      if (performance.now() > end)
        throw new Error(`${this.shape.name} does not say ${what}: ${text}`)
      await wait(50)
    }
  }

  /** Pulls the plug. */
  async kill(): Promise<void> {
    if (!this.isRunning) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  async #complaint(): Promise<string> {
    return (await readFile(`${this.sockets.console}.log`, 'utf8').catch(() => '')).slice(-2000)
  }
}

export async function consoleText(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).replaceAll('\r', '')
}
