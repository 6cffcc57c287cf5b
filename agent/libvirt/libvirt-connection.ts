import { HoldfastError } from '../../core/model/error.ts'
import { LibvirtRefusal } from './libvirt-refusal.ts'
import { LibvirtRpc, QEMU, REMOTE, type CallOptions } from './libvirt-rpc.ts'
import { parseLibvirtUri } from './libvirt-uri.ts'
import { XdrReader, XdrWriter } from './xdr.ts'

/** Numbers of procedures; they never change. */
const CONNECT_OPEN = 1
const CONNECT_CLOSE = 2
const DOMAIN_DESTROY = 12
const DOMAIN_GET_XML_DESC = 14
const DOMAIN_LOOKUP_BY_UUID = 24
const DOMAIN_SHUTDOWN = 33
const DOMAIN_RESTORE = 54
const AUTH_LIST = 66
const AUTH_POLKIT = 70
const STORAGE_POOL_LOOKUP_BY_NAME = 84
const STORAGE_VOL_LOOKUP_BY_NAME = 95
const STORAGE_VOL_GET_INFO = 98
const STORAGE_VOL_GET_PATH = 100
const CONNECT_DOMAIN_XML_TO_NATIVE = 136
const DOMAIN_IS_PERSISTENT = 151
const DOMAIN_HAS_MANAGED_SAVE_IMAGE = 183
const DOMAIN_GET_BLOCK_INFO = 194
const DOMAIN_CREATE_WITH_FLAGS = 196
const DOMAIN_GET_STATE = 212
const DOMAIN_UNDEFINE_FLAGS = 231
const CONNECT_LIST_ALL_DOMAINS = 273
const CONNECT_LIST_ALL_NETWORKS = 283
const CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY = 316
const DOMAIN_DEFINE_XML_FLAGS = 350
const QEMU_MONITOR_COMMAND = 1
const QEMU_AGENT_COMMAND = 3
const QEMU_FOLLOW_MONITOR = 4
const QEMU_MONITOR_EVENT = 6

/** Events of VMs: defined, started, ended and so on; a device is gone, or new; metadata are others. */
const EVENTS = [0, 15, 19, 23]

/** Ways to prove who one is. */
const AUTH_NONE = 0
const AUTH_BY_POLKIT = 2

const XML_FLAGS = { live: 0, inactive: 2, migratable: 8 }
const DEFINE_VALIDATE = 1
const UNDEFINE_KEEP_NVRAM = 1 << 3
const UUID_BYTES = 16
/** Starting a VM, and taking an answer from its monitor, may take their time. */
const SLOW_MS = 60_000
/** Loading many gigabytes from a slow disk. */
const RESTORE_MS = 60 * 60 * 1000

export interface Domain {
  readonly name: string
  readonly uuid: string
  /** -1 while it is off. */
  readonly id: number
}

/** A volume of a storage pool. */
export interface Volume {
  /** libvirt's own numbers: 0 a file, 1 a block device, 2 a folder, 3 and 4 beyond the network, … */
  readonly kind: number
  readonly path: string
}

/** libvirt's own numbers: 1 running, 3 paused, 5 off, … */
export interface DomainState {
  readonly state: number
  readonly reason: number
}

/** What is asked of libvirt, call by call. */
export class LibvirtConnection {
  readonly #rpc: LibvirtRpc

  private constructor(rpc: LibvirtRpc) {
    this.#rpc = rpc
  }

  /** Throws vm-unreachable, or permission-denied where libvirt wants a password. */
  static async open(uri: string): Promise<LibvirtConnection> {
    const { sockets, driver } = parseLibvirtUri(uri)
    const rpc = await LibvirtRpc.connect(sockets)
    try {
      await authenticate(rpc)
      const args = new XdrWriter().word(1).string(driver).word(0)
      await rpc.call(REMOTE, CONNECT_OPEN, args.bytes())
      return new LibvirtConnection(rpc)
    } catch (error) {
      await rpc.close()
      throw error
    }
  }

  get hasEnded(): boolean {
    return this.#rpc.hasEnded
  }

  async close(): Promise<void> {
    await this.#rpc.call(REMOTE, CONNECT_CLOSE, Buffer.of(), { timeoutMs: 1_000 }).catch(() => {})
    await this.#rpc.close()
  }

  /**
   * Calls `heard` whenever something happened to a VM, and at the connection's end. False where libvirt
   * does not tell. A connection is for this or for a monitor's events, not for both.
   */
  async follow(heard: () => void): Promise<boolean> {
    this.#rpc.onMessage = heard
    this.#rpc.onEnd = heard
    try {
      for (const event of EVENTS) {
        const args = new XdrWriter().word(event).word(0).bytes() // of any VM
        await this.#rpc.call(REMOTE, CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY, args)
      }
      return true
    } catch (error) {
      if (error instanceof LibvirtRefusal) return false
      throw error
    }
  }

  /** Those that run and those that are off. */
  async domains(): Promise<Domain[]> {
    const args = new XdrWriter().word(1).word(0)
    const reader = await this.#rpc.call(REMOTE, CONNECT_LIST_ALL_DOMAINS, args.bytes())
    return Array.from({ length: reader.word() }, () => readDomain(reader))
  }

  /** Throws LibvirtRefusal; isDomainAbsent says whether that is because there is none. */
  async domain(uuid: string): Promise<Domain> {
    const args = new XdrWriter().fixed(uuidBytes(uuid))
    return readDomain(await this.#rpc.call(REMOTE, DOMAIN_LOOKUP_BY_UUID, args.bytes()))
  }

  /** `inactive`: as it will be at its next start; `migratable`: as it runs, for it to go on elsewhere. */
  async xml(domain: Domain, which: keyof typeof XML_FLAGS): Promise<string> {
    const args = written(domain).word(XML_FLAGS[which])
    return (await this.#rpc.call(REMOTE, DOMAIN_GET_XML_DESC, args.bytes())).string()
  }

  async state(domain: Domain): Promise<DomainState> {
    const reader = await this.#rpc.call(REMOTE, DOMAIN_GET_STATE, written(domain).word(0).bytes())
    return { state: reader.word(), reason: reader.word() }
  }

  /** One that is not is forgotten when it ends. */
  async isPersistent(domain: Domain): Promise<boolean> {
    const reader = await this.#rpc.call(REMOTE, DOMAIN_IS_PERSISTENT, written(domain).bytes())
    return reader.word() === 1
  }

  /** Memory that its next start would go on from. */
  async hasManagedSave(domain: Domain): Promise<boolean> {
    const args = written(domain).word(0).bytes()
    return (await this.#rpc.call(REMOTE, DOMAIN_HAS_MANAGED_SAVE_IMAGE, args)).word() === 1
  }

  /** Names of the networks that it has. */
  async networks(): Promise<string[]> {
    const args = new XdrWriter().word(1).word(0)
    const reader = await this.#rpc.call(REMOTE, CONNECT_LIST_ALL_NETWORKS, args.bytes())
    return Array.from({ length: reader.word() }, () => {
      const name = reader.string()
      reader.fixed(UUID_BYTES)
      return name
    })
  }

  /** What QEMU would be started with; refused where this host cannot do it. */
  async toCommandLine(xml: string): Promise<string> {
    const args = new XdrWriter().string('qemu-argv').string(xml).word(0)
    return (await this.#rpc.call(REMOTE, CONNECT_DOMAIN_XML_TO_NATIVE, args.bytes())).string()
  }

  /** Size of a disk, as its guest sees it; `disk`: its target, such as `vda`. */
  async diskSize(domain: Domain, disk: string): Promise<number> {
    const args = written(domain).string(disk).word(0)
    const reader = await this.#rpc.call(REMOTE, DOMAIN_GET_BLOCK_INFO, args.bytes())
    reader.long() // what it takes on its storage
    return reader.long()
  }

  /** Throws LibvirtRefusal where there is none, also while the pool is not started. */
  async volume(poolName: string, name: string): Promise<Volume> {
    const lookup = new XdrWriter().string(poolName).bytes()
    const pool = await this.#rpc.call(REMOTE, STORAGE_POOL_LOOKUP_BY_NAME, lookup)
    const named = new XdrWriter().string(pool.string()).fixed(pool.fixed(UUID_BYTES)).string(name)
    const found = await this.#rpc.call(REMOTE, STORAGE_VOL_LOOKUP_BY_NAME, named.bytes())
    const words = [found.string(), found.string(), found.string()] // pool, name, key
    const volume = words.reduce((args, word) => args.string(word), new XdrWriter()).bytes()
    const kind = (await this.#rpc.call(REMOTE, STORAGE_VOL_GET_INFO, volume)).word()
    return { kind, path: (await this.#rpc.call(REMOTE, STORAGE_VOL_GET_PATH, volume)).string() }
  }

  /** Checked against libvirt's schema first. */
  async define(xml: string): Promise<Domain> {
    const args = new XdrWriter().string(xml).word(DEFINE_VALIDATE)
    return readDomain(await this.#rpc.call(REMOTE, DOMAIN_DEFINE_XML_FLAGS, args.bytes()))
  }

  async undefine(domain: Domain): Promise<void> {
    const args = written(domain).word(UNDEFINE_KEEP_NVRAM)
    await this.#rpc.call(REMOTE, DOMAIN_UNDEFINE_FLAGS, args.bytes())
  }

  async start(domain: Domain): Promise<void> {
    const args = written(domain).word(0).bytes()
    await this.#rpc.call(REMOTE, DOMAIN_CREATE_WITH_FLAGS, args, { timeoutMs: SLOW_MS })
  }

  /** Starts the VM that a save image describes, with the memory in it. The daemon opens the file. */
  async restore(path: string): Promise<void> {
    const args = new XdrWriter().string(path).bytes()
    await this.#rpc.call(REMOTE, DOMAIN_RESTORE, args, { timeoutMs: RESTORE_MS })
  }

  /** Asks the guest; it may refuse. */
  async shutDown(domain: Domain): Promise<void> {
    await this.#rpc.call(REMOTE, DOMAIN_SHUTDOWN, written(domain).bytes())
  }

  /** Pulls its plug. */
  async destroy(domain: Domain): Promise<void> {
    const args = written(domain).bytes()
    await this.#rpc.call(REMOTE, DOMAIN_DESTROY, args, { timeoutMs: SLOW_MS })
  }

  /** JSON in, JSON out. */
  async monitorCommand(domain: Domain, json: string, options: CallOptions): Promise<string> {
    const args = written(domain).string(json).word(0)
    return (await this.#rpc.call(QEMU, QEMU_MONITOR_COMMAND, args.bytes(), options)).string()
  }

  /** All that QEMU tells unasked, from when it resolves until the connection ends. */
  async followMonitor(domain: Domain, heard: (event: string, json: string) => void): Promise<void> {
    this.#rpc.onMessage = (program, procedure, reader) => {
      if (program !== QEMU || procedure !== QEMU_MONITOR_EVENT) return
      reader.word() // which of our wishes it answers
      if (readDomain(reader).uuid !== domain.uuid) return
      const event = reader.string()
      reader.long() // when: seconds, and their millionths
      reader.word()
      heard(event, reader.optional(() => reader.string()) ?? '{}')
    }
    const args = written(domain, new XdrWriter().word(1)).word(0).word(0)
    await this.#rpc.call(QEMU, QEMU_FOLLOW_MONITOR, args.bytes())
  }

  /** libvirt itself gives up after `seconds`. */
  async agentCommand(
    domain: Domain,
    json: string,
    seconds: number,
    options: CallOptions,
  ): Promise<string> {
    const args = written(domain).string(json).word(seconds).word(0)
    const reader = await this.#rpc.call(QEMU, QEMU_AGENT_COMMAND, args.bytes(), options)
    return reader.optional(() => reader.string()) ?? ''
  }
}

async function authenticate(rpc: LibvirtRpc): Promise<void> {
  const reader = await rpc.call(REMOTE, AUTH_LIST, Buffer.of())
  const ways = Array.from({ length: reader.word() }, () => reader.word())
  if (ways.length === 0 || ways.includes(AUTH_NONE)) return
  if (ways.includes(AUTH_BY_POLKIT)) {
    await rpc.call(REMOTE, AUTH_POLKIT, Buffer.of())
    return
  }
  throw new HoldfastError('permission-denied', 'libvirt wants a password of the agent', {
    hint: 'Run the agent as root, or as a user whom polkit lets manage VMs.',
  })
}

function written({ name, uuid, id }: Domain, after = new XdrWriter()): XdrWriter {
  return after.string(name).fixed(uuidBytes(uuid)).word(id)
}

function readDomain(reader: XdrReader): Domain {
  const name = reader.string()
  const hex = reader.fixed(UUID_BYTES).toString('hex')
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { name, uuid, id: reader.word() }
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}
