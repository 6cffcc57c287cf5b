import type { TlsOptions } from 'node:tls'
import type { NbdExportDisk } from './export.ts'
import { OptionData } from './option-data.ts'
import {
  ALLOCATION_ID,
  BASE_ALLOCATION,
  EXPORT_FLAG,
  GREETING,
  HANDSHAKE_FIXED_NEWSTYLE,
  HANDSHAKE_NO_ZEROES,
  INFO_BLOCK_SIZE,
  INFO_EXPORT,
  INFO_NAME,
  OPTION,
  OPTION_MAGIC,
  OPTION_REFUSAL,
  OPTION_REPLY,
  OPTION_REPLY_MAGIC,
  LONGEST_REQUEST,
} from './protocol.ts'
import { PeerGone, type ServerSocket } from './server-socket.ts'

/** What client and server agreed on. */
export interface Agreed {
  readonly disk: NbdExportDisk
  readonly hasStructuredReplies: boolean
  readonly hasAllocation: boolean
}

const LONGEST_OPTION = 16 * 1024
const MOST_OPTIONS = 256
const MOST_QUERIES = 64

/** The server's side of the handshake, up to the transmission phase; undefined: the client left. */
export class Negotiation {
  readonly #socket: ServerSocket
  readonly #disks: readonly NbdExportDisk[]
  readonly #tls: TlsOptions | undefined
  #isSecure = false
  #hasNoZeroes = false
  #hasStructured = false
  /** The export that base:allocation was asked for. */
  #allocationOf: NbdExportDisk | undefined

  constructor(socket: ServerSocket, disks: readonly NbdExportDisk[], tls: TlsOptions | undefined) {
    this.#socket = socket
    this.#disks = disks
    this.#tls = tls
  }

  async run(): Promise<Agreed | undefined> {
    const greeting = Buffer.alloc(18)
    greeting.writeBigUInt64BE(GREETING, 0)
    greeting.writeBigUInt64BE(OPTION_MAGIC, 8)
    greeting.writeUInt16BE(HANDSHAKE_FIXED_NEWSTYLE | HANDSHAKE_NO_ZEROES, 16)
    void this.#socket.send(greeting)
    const flags = (await this.#socket.take(4)).readUInt32BE(0)
    if ((flags & ~(HANDSHAKE_FIXED_NEWSTYLE | HANDSHAKE_NO_ZEROES)) !== 0)
      throw new PeerGone(`client flags ${flags}`)
    this.#hasNoZeroes = (flags & HANDSHAKE_NO_ZEROES) !== 0
    for (let count = 0; count < MOST_OPTIONS; count++) {
      const outcome = await this.#option()
      if (outcome === 'left') return undefined
      if (outcome) return outcome
    }
    throw new PeerGone('options without end')
  }

  async #option(): Promise<Agreed | 'left' | undefined> {
    const head = await this.#socket.take(16)
    if (head.readBigUInt64BE(0) !== OPTION_MAGIC) throw new PeerGone('no option begins here')
    const option = head.readUInt32BE(8)
    const length = head.readUInt32BE(12)
    if (length > LONGEST_OPTION) throw new PeerGone(`an option of ${length} bytes`)
    const data = new OptionData(await this.#socket.take(length))
    if (this.#tls && !this.#isSecure && option !== OPTION.startTls && option !== OPTION.abort) {
      // That option has no way to say no.
      if (option === OPTION.exportName) throw new PeerGone('TLS is needed')
      return this.#refuse(option, OPTION_REFUSAL.tlsRequired, 'this server demands TLS')
    }
    switch (option) {
      case OPTION.exportName:
        return this.#exportName(data)
      case OPTION.abort:
        await this.#reply(option, OPTION_REPLY.ack)
        return 'left'
      case OPTION.list:
        return this.#list(option, data)
      case OPTION.startTls:
        return this.#startTls(option, data)
      case OPTION.info:
      case OPTION.go:
        return this.#go(option, data)
      case OPTION.structuredReply:
        return this.#structuredReply(option, data)
      case OPTION.listMetaContext:
      case OPTION.setMetaContext:
        return this.#metaContext(option, data)
      default:
        return this.#refuse(option, OPTION_REFUSAL.unsupported, 'no such option here')
    }
  }

  /** The old way in: no answer but the export, or the end. */
  #exportName(data: OptionData): Agreed {
    const disk = this.#find(data.rest())
    if (!disk) throw new PeerGone('an export that does not exist')
    const answer = Buffer.alloc(this.#hasNoZeroes ? 10 : 134)
    answer.writeBigUInt64BE(BigInt(disk.sizeBytes), 0)
    answer.writeUInt16BE(this.#flags(), 8)
    void this.#socket.send(answer)
    return this.#agreed(disk)
  }

  #list(option: number, data: OptionData): undefined {
    if (!data.isEnd) return this.#refuse(option, OPTION_REFUSAL.invalid, 'it takes no data')
    for (const { name } of this.#disks) void this.#reply(option, OPTION_REPLY.server, sized(name))
    void this.#reply(option, OPTION_REPLY.ack)
    return undefined
  }

  async #startTls(option: number, data: OptionData): Promise<undefined> {
    if (!data.isEnd) return this.#refuse(option, OPTION_REFUSAL.invalid, 'it takes no data')
    if (!this.#tls) return this.#refuse(option, OPTION_REFUSAL.unsupported, 'no TLS here')
    if (this.#isSecure) return this.#refuse(option, OPTION_REFUSAL.invalid, 'TLS is on already')
    await this.#reply(option, OPTION_REPLY.ack)
    await this.#socket.startTls(this.#tls)
    this.#isSecure = true
    // What was agreed in the clear may have been said by anybody.
    this.#hasStructured = false
    this.#allocationOf = undefined
    return undefined
  }

  #go(option: number, data: OptionData): Agreed | undefined {
    const name = data.sized()
    const wanted = data.numbers(2)
    if (name === undefined || !wanted || !data.isEnd)
      return this.#refuse(option, OPTION_REFUSAL.invalid, 'its length is wrong')
    const disk = this.#find(name)
    if (!disk) return this.#refuse(option, OPTION_REFUSAL.unknown, this.#known())
    void this.#reply(option, OPTION_REPLY.info, exportInfo(disk, this.#flags()))
    if (wanted.includes(INFO_NAME))
      void this.#reply(
        option,
        OPTION_REPLY.info,
        Buffer.concat([uint16(INFO_NAME), text(disk.name)]),
      )
    if (wanted.includes(INFO_BLOCK_SIZE))
      void this.#reply(option, OPTION_REPLY.info, blockSizes(disk))
    void this.#reply(option, OPTION_REPLY.ack)
    return option === OPTION.go ? this.#agreed(disk) : undefined
  }

  #structuredReply(option: number, data: OptionData): undefined {
    if (!data.isEnd) return this.#refuse(option, OPTION_REFUSAL.invalid, 'it takes no data')
    this.#hasStructured = true
    void this.#reply(option, OPTION_REPLY.ack)
    return undefined
  }

  #metaContext(option: number, data: OptionData): undefined {
    const isSet = option === OPTION.setMetaContext
    if (isSet) this.#allocationOf = undefined
    const name = data.sized()
    const queries = data.sizedList(MOST_QUERIES)
    if (name === undefined || !queries || !data.isEnd)
      return this.#refuse(option, OPTION_REFUSAL.invalid, 'its length is wrong')
    if (!this.#hasStructured)
      return this.#refuse(option, OPTION_REFUSAL.invalid, 'structured replies come first')
    const disk = this.#find(name)
    if (!disk) return this.#refuse(option, OPTION_REFUSAL.unknown, this.#known())
    const isListed = !isSet && (queries.length === 0 || queries.includes('base:'))
    if (isListed || queries.includes(BASE_ALLOCATION)) {
      if (isSet) this.#allocationOf = disk
      const id = Buffer.alloc(4)
      id.writeUInt32BE(isSet ? ALLOCATION_ID : 0)
      void this.#reply(option, OPTION_REPLY.metaContext, Buffer.concat([id, text(BASE_ALLOCATION)]))
    }
    void this.#reply(option, OPTION_REPLY.ack)
    return undefined
  }

  #agreed(disk: NbdExportDisk): Agreed {
    const hasAllocation = this.#hasStructured && this.#allocationOf === disk
    return { disk, hasStructuredReplies: this.#hasStructured, hasAllocation }
  }

  /** By its name, or without one where there is only one. */
  #find(name: string): NbdExportDisk | undefined {
    const named = this.#disks.find((disk) => disk.name === name)
    return named ?? (name === '' && this.#disks.length === 1 ? this.#disks[0] : undefined)
  }

  #known(): string {
    return `no such export; there are: ${this.#disks.map(({ name }) => name).join(', ')}`
  }

  #flags(): number {
    const { hasFlags, readOnly, multipleConnections, dontFragment } = EXPORT_FLAG
    return hasFlags | readOnly | multipleConnections | (this.#hasStructured ? dontFragment : 0)
  }

  #refuse(option: number, refusal: number, why: string): undefined {
    void this.#reply(option, refusal, text(why))
    return undefined
  }

  #reply(option: number, type: number, data: Buffer = Buffer.alloc(0)): Promise<void> {
    const head = Buffer.alloc(20)
    head.writeBigUInt64BE(OPTION_REPLY_MAGIC, 0)
    head.writeUInt32BE(option, 8)
    head.writeUInt32BE(type, 12)
    head.writeUInt32BE(data.length, 16)
    return this.#socket.send(Buffer.concat([head, data]))
  }
}

function exportInfo(disk: NbdExportDisk, flags: number): Buffer {
  const info = Buffer.alloc(12)
  info.writeUInt16BE(INFO_EXPORT, 0)
  info.writeBigUInt64BE(BigInt(disk.sizeBytes), 2)
  info.writeUInt16BE(flags, 10)
  return info
}

/** Any byte may be asked for; whole chunks are best. */
function blockSizes({ preferredBytes }: NbdExportDisk): Buffer {
  const info = Buffer.alloc(14)
  info.writeUInt16BE(INFO_BLOCK_SIZE, 0)
  info.writeUInt32BE(1, 2)
  info.writeUInt32BE(preferredBytes, 6)
  info.writeUInt32BE(LONGEST_REQUEST, 10)
  return info
}

function sized(value: string): Buffer {
  const bytes = text(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function text(value: string): Buffer {
  return Buffer.from(value)
}
