import { HoldfastError, type ErrorCode } from '../model/error.ts'
import type { Extent } from '../model/extent.ts'
import { violation } from './connection.ts'
import { ERRNO, type Command } from './protocol.ts'

/** A range and the flags that a meta context has for it. */
export interface StatusExtent extends Extent {
  readonly flags: number
}

/** One request that waits for its reply, and what of the reply has arrived. */
export class Pending {
  readonly command: Command
  readonly offset: number
  readonly length: number
  /** Where the data of a read goes; undefined once nobody wants it any more. */
  into: Uint8Array | undefined
  readonly statuses = new Map<number, StatusExtent[]>()
  readonly #covered: Extent[] = []
  readonly #settle: (error: Error | undefined) => void
  #error: HoldfastError | undefined

  constructor(
    what: { command: Command; offset: number; length: number; into?: Uint8Array | undefined },
    settle: (error: Error | undefined) => void,
  ) {
    this.command = what.command
    this.offset = what.offset
    this.length = what.length
    this.into = what.into
    this.#settle = settle
  }

  /** Claims a part of a read for data or a hole; parts that overlap or stick out are refused. */
  cover(offset: number, length: number): Uint8Array | undefined {
    const end = offset + length
    if (this.command !== 'read' || offset < this.offset || end > this.offset + this.length)
      throw violation(`data for bytes ${offset} to ${end} that were not asked for`)
    if (this.#covered.some((part) => offset < part.offset + part.length && part.offset < end))
      throw violation(`data for byte ${offset} twice`)
    this.#covered.push({ offset, length })
    return this.into?.subarray(offset - this.offset, end - this.offset)
  }

  fail(errno: number, message: string): void {
    this.#error ??= failure(this, errno, message)
  }

  finish(): void {
    if (!this.#error && this.command === 'read') {
      const covered = this.#covered.reduce((sum, part) => sum + part.length, 0)
      if (covered !== this.length) throw violation(`${covered} of ${this.length} bytes of a read`)
    }
    this.#settle(this.#error)
  }

  reject(error: Error): void {
    this.#settle(error)
  }
}

function failure(what: Pending, errno: number, said: string): HoldfastError {
  const { command, offset, length } = what
  const name = Object.entries(ERRNO).find(([, number]) => number === errno)?.[0] ?? `error ${errno}`
  const place = command === 'flush' ? '' : ` at byte ${offset}, ${length} bytes`
  const message = `${command}${place}: ${said === '' ? name : `${name} (${said})`}`
  return new HoldfastError(codeOf(command, errno), message, { details: { offset, length, errno } })
}

function codeOf(command: Command, errno: number): ErrorCode {
  if (errno === ERRNO.ENOMEM) return 'tool-failed'
  if (command === 'read' || command === 'blockStatus') return 'source-unreadable'
  return errno === ERRNO.ENOSPC ? 'target-full' : 'target-write-failed'
}
