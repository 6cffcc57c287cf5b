import { violation, type NbdConnection } from './connection.ts'
import type { Pending, StatusExtent } from './pending.ts'
import {
  REPLY,
  REPLY_DONE,
  REPLY_ERROR,
  SIMPLE_REPLY_MAGIC,
  STRUCTURED_REPLY_MAGIC,
} from './protocol.ts'

/** A status reply names at most so many bytes of extents; the next request goes on from there. */
const LONGEST_STATUS = 4 * 1024 * 1024
const LONGEST_ERROR = 64 * 1024

interface StructuredHead {
  readonly pending: Pending
  readonly cookie: number
  readonly isLast: boolean
  readonly type: number
  readonly length: number
}

/**
 * Reads replies one after the other and gives each to the request that it answers. Whatever does
 * not fit what was asked throws, which ends the connection.
 */
export class ReplyReader {
  readonly #connection: NbdConnection
  readonly #hasStructured: boolean
  readonly #pending: Map<number, Pending>

  constructor(connection: NbdConnection, hasStructured: boolean, pending: Map<number, Pending>) {
    this.#connection = connection
    this.#hasStructured = hasStructured
    this.#pending = pending
  }

  /** Expects the next reply, and from then on each after the other. */
  start(): void {
    const head = Buffer.alloc(16)
    this.#connection.expect(head, head.length, () => {
      const cookie = Number(head.readBigUInt64BE(8))
      const pending = this.#pending.get(cookie)
      if (!pending) throw violation('a reply to no request')
      const magic = head.readUInt32BE(0)
      if (magic === SIMPLE_REPLY_MAGIC) this.#simple(cookie, pending, head.readUInt32BE(4))
      else if (magic === STRUCTURED_REPLY_MAGIC && this.#hasStructured)
        this.#structured(cookie, pending, head.readUInt16BE(4), head.readUInt16BE(6))
      else throw violation(`a reply that begins with ${magic.toString(16)}`)
    })
  }

  #simple(cookie: number, pending: Pending, errno: number): void {
    const isRead = pending.command === 'read'
    if ((isRead && this.#hasStructured) || pending.command === 'blockStatus')
      throw violation(`a simple reply to ${pending.command}`)
    if (errno !== 0) pending.fail(errno, '')
    if (errno !== 0 || !isRead) {
      this.#finish(cookie, pending)
      return
    }
    const part = pending.cover(pending.offset, pending.length)
    this.#connection.expect(part, pending.length, () => {
      this.#finish(cookie, pending)
    })
  }

  #structured(cookie: number, pending: Pending, flags: number, type: number): void {
    const bytes = Buffer.alloc(4)
    this.#connection.expect(bytes, 4, () => {
      const length = bytes.readUInt32BE(0)
      const isLast = (flags & REPLY_DONE) !== 0
      this.#chunk({ pending, cookie, isLast, type, length })
    })
  }

  #chunk(head: StructuredHead): void {
    if (head.type >= REPLY_ERROR) this.#error(head)
    else if (head.type === REPLY.none) this.#none(head)
    else if (head.type === REPLY.data) this.#data(head)
    else if (head.type === REPLY.hole) this.#hole(head)
    else if (head.type === REPLY.blockStatus) this.#blockStatus(head)
    else throw violation(`a reply of type ${head.type}`)
  }

  #none(head: StructuredHead): void {
    if (head.length !== 0 || !head.isLast) throw violation('an empty reply that is none')
    this.#end(head)
  }

  #data(head: StructuredHead): void {
    if (head.length < 9) throw violation('a data reply without data')
    this.#body(8, (place) => {
      const length = head.length - 8
      const part = head.pending.cover(Number(place.readBigUInt64BE(0)), length)
      this.#connection.expect(part, length, () => {
        this.#end(head)
      })
    })
  }

  #hole(head: StructuredHead): void {
    if (head.length !== 12) throw violation(`a hole reply of ${head.length} bytes`)
    this.#body(12, (place) => {
      head.pending.cover(Number(place.readBigUInt64BE(0)), place.readUInt32BE(8))?.fill(0)
      this.#end(head)
    })
  }

  #blockStatus(head: StructuredHead): void {
    const { pending, length } = head
    if (
      pending.command !== 'blockStatus' ||
      length < 12 ||
      length > LONGEST_STATUS ||
      length % 8 !== 4
    )
      throw violation(`a status reply of ${length} bytes to ${pending.command}`)
    this.#body(length, (body) => {
      pending.statuses.set(body.readUInt32BE(0), extents(pending, body.subarray(4)))
      this.#end(head)
    })
  }

  #error(head: StructuredHead): void {
    if (head.length < 6 || head.length > LONGEST_ERROR)
      throw violation(`an error reply of ${head.length} bytes`)
    this.#body(head.length, (body) => {
      const said = body.subarray(6, 6 + body.readUInt16BE(4)).toString()
      head.pending.fail(body.readUInt32BE(0), said)
      this.#end(head)
    })
  }

  #body(length: number, done: (body: Buffer) => void): void {
    const body = Buffer.alloc(length)
    this.#connection.expect(body, length, () => {
      done(body)
    })
  }

  #end(head: StructuredHead): void {
    if (head.isLast) this.#finish(head.cookie, head.pending)
    else this.start()
  }

  #finish(cookie: number, pending: Pending): void {
    // Finished before it is forgotten: when finish() throws, the end of the connection rejects it.
    pending.finish()
    this.#pending.delete(cookie)
    this.start()
  }
}

/** Extents follow each other from the request's start on; the last may lead past its end. */
function extents(pending: Pending, body: Buffer): StatusExtent[] {
  const found: StatusExtent[] = []
  const end = pending.offset + pending.length
  let offset = pending.offset
  for (let at = 0; at < body.length && offset < end; at += 8) {
    const length = Math.min(body.readUInt32BE(at), end - offset)
    if (length === 0) throw violation('a status extent without length')
    found.push({ offset, length, flags: body.readUInt32BE(at + 4) })
    offset += length
  }
  return found
}
