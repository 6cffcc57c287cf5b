import type { LentRead, NbdExportDisk } from './export.ts'
import type { Agreed } from './negotiation.ts'
import { ReplySender, type Asked } from './reply-sender.ts'
import {
  COMMAND,
  COMMAND_FLAG,
  ERRNO,
  LONGEST_REQUEST,
  REQUEST_BYTES,
  REQUEST_MAGIC,
} from './protocol.ts'
import { RequestBudget } from './request-budget.ts'
import { PeerGone, type ServerSocket } from './server-socket.ts'

/** A read in one piece is answered from so many bytes at a time where it need not be. */
const PIECE_BYTES = 4 * 1024 * 1024
/** Extents in one answer; the client asks again from where it ends. */
const MOST_EXTENTS = 4096

interface Request extends Asked {
  readonly flags: number
  readonly type: number
  readonly length: number
}

/** Answers one client's requests, several at a time, until it leaves. */
export class Transmission {
  readonly #socket: ServerSocket
  readonly #agreed: Agreed
  readonly #replies: ReplySender
  readonly #onError: (error: unknown) => void
  readonly #budget = new RequestBudget()
  readonly #underWay = new Set<Promise<void>>()

  constructor(socket: ServerSocket, agreed: Agreed, onError: (error: unknown) => void) {
    this.#socket = socket
    this.#agreed = agreed
    this.#replies = new ReplySender(socket, agreed.hasStructuredReplies)
    this.#onError = onError
  }

  async run(): Promise<void> {
    try {
      for (;;) {
        const request = parse(await this.#socket.take(REQUEST_BYTES))
        if (request.type === COMMAND.disconnect) break
        if (request.type === COMMAND.write) await this.#dropData(request)
        const cost = request.type === COMMAND.read ? Math.min(request.length, LONGEST_REQUEST) : 0
        await this.#budget.take(cost)
        this.#start(request, cost)
      }
    } finally {
      await Promise.all(this.#underWay)
    }
  }

  async #dropData({ length }: Request): Promise<void> {
    if (length > LONGEST_REQUEST) throw new PeerGone(`a write of ${length} bytes`)
    await this.#socket.drop(length)
  }

  #start(request: Request, cost: number): void {
    const answered = this.#answer(request)
      .catch((error: unknown) => this.#failed(request, error))
      .finally(() => {
        this.#budget.release(cost)
        this.#underWay.delete(answered)
      })
    this.#underWay.add(answered)
  }

  async #failed(request: Request, error: unknown): Promise<void> {
    this.#onError(error)
    const message = error instanceof Error ? error.message : String(error)
    await this.#replies.fail(request, ERRNO.EIO, message)
  }

  #answer(request: Request): Promise<void> {
    switch (request.type) {
      case COMMAND.read:
        return this.#read(request)
      case COMMAND.blockStatus:
        return this.#blockStatus(request)
      case COMMAND.flush: // nothing was ever written
        return this.#replies.done(request)
      case COMMAND.write:
      case COMMAND.trim:
      case COMMAND.writeZeroes:
        return this.#replies.fail(request, ERRNO.EPERM, 'the export is read-only')
      default:
        return this.#replies.fail(request, ERRNO.EINVAL, 'no such command here')
    }
  }

  async #read(request: Request): Promise<void> {
    const { disk, hasStructuredReplies } = this.#agreed
    const { flags, offset, length } = request
    const isWhole = (flags & COMMAND_FLAG.dontFragment) !== 0
    const isKnown = (flags & ~(COMMAND_FLAG.dontFragment | COMMAND_FLAG.fua)) === 0
    if (!isKnown || (isWhole && !hasStructuredReplies))
      return this.#replies.fail(request, ERRNO.EINVAL, 'flags that do not go with a read')
    const refusal = outside(disk, request)
    if (refusal) return this.#replies.fail(request, ERRNO.EINVAL, refusal)
    if (length > LONGEST_REQUEST)
      return this.#replies.fail(request, ERRNO.EOVERFLOW, `more than ${LONGEST_REQUEST} bytes`)
    if (length === 0) return this.#replies.done(request)
    if (!isWhole && hasStructuredReplies) return this.#pieces(request)
    const lent = await disk.read(offset, length)
    await this.#replies.whole(request, lent.parts, length)
    lent.release()
  }

  /** What is said in pieces may end in an error, at the offset where it is. */
  async #pieces(request: Request): Promise<void> {
    const { disk } = this.#agreed
    const end = request.offset + request.length
    for (let at = request.offset; at < end; at += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, end - at)
      let lent: LentRead
      try {
        lent = await disk.read(at, length)
      } catch (error) {
        this.#onError(error)
        const message = error instanceof Error ? error.message : String(error)
        return this.#replies.failAt(request, ERRNO.EIO, message, at)
      }
      await this.#replies.parts(request, lent.parts, at + length === end)
      lent.release()
    }
  }

  async #blockStatus(request: Request): Promise<void> {
    const { disk, hasAllocation } = this.#agreed
    const { offset, length, flags } = request
    if (!hasAllocation)
      return this.#replies.fail(request, ERRNO.EINVAL, 'no meta context was agreed on')
    if ((flags & ~COMMAND_FLAG.oneExtent) !== 0)
      return this.#replies.fail(request, ERRNO.EINVAL, 'flags that do not go with a status')
    const refusal = length === 0 ? 'of no bytes' : outside(disk, request)
    if (refusal) return this.#replies.fail(request, ERRNO.EINVAL, refusal)
    const most = (flags & COMMAND_FLAG.oneExtent) !== 0 ? 1 : MOST_EXTENTS
    const extents: { length: number; zero: boolean }[] = []
    for await (const { length: bytes, zero } of disk.allocation(offset, length)) {
      const last = extents.at(-1)
      if (last?.zero === zero) last.length += bytes
      else if (extents.length === most) break
      else extents.push({ length: bytes, zero })
    }
    return this.#replies.status(request, extents)
  }
}

function parse(head: Buffer): Request {
  if (head.readUInt32BE(0) !== REQUEST_MAGIC) throw new PeerGone('no request begins here')
  return {
    flags: head.readUInt16BE(4),
    type: head.readUInt16BE(6),
    cookie: head.readBigUInt64BE(8),
    // Beyond the exact numbers it is beyond every disk too.
    offset: Number(head.readBigUInt64BE(16)),
    length: head.readUInt32BE(24),
  }
}

function outside(disk: NbdExportDisk, { offset, length }: Request): string | undefined {
  if (offset + length <= disk.sizeBytes) return undefined
  return `beyond the end at ${disk.sizeBytes}`
}
