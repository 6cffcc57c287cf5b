/** Numbers of the NBD protocol, as `NetworkBlockDevice/nbd` doc/proto.md gives them. */

export const GREETING = 0x4e42444d41474943n // 'NBDMAGIC'
export const OPTION_MAGIC = 0x49484156454f5054n // 'IHAVEOPT'
export const OPTION_REPLY_MAGIC = 0x3e889045565a9n
export const REQUEST_MAGIC = 0x25609513
export const SIMPLE_REPLY_MAGIC = 0x67446698
export const STRUCTURED_REPLY_MAGIC = 0x668e33ef

export const HANDSHAKE_FIXED_NEWSTYLE = 1
export const HANDSHAKE_NO_ZEROES = 2

export const OPTION = {
  exportName: 1,
  abort: 2,
  list: 3,
  startTls: 5,
  info: 6,
  go: 7,
  structuredReply: 8,
  listMetaContext: 9,
  setMetaContext: 10,
} as const
export const OPTION_REPLY = { ack: 1, server: 2, info: 3, metaContext: 4 } as const
/** Option replies with this bit are errors. */
export const OPTION_ERROR = 2 ** 31
export const OPTION_REFUSAL = {
  unsupported: OPTION_ERROR + 1,
  policy: OPTION_ERROR + 2,
  invalid: OPTION_ERROR + 3,
  tlsRequired: OPTION_ERROR + 5,
  unknown: OPTION_ERROR + 6,
  tooBig: OPTION_ERROR + 9,
} as const

export const INFO_EXPORT = 0
export const INFO_NAME = 1
export const INFO_BLOCK_SIZE = 3

export const COMMAND = {
  read: 0,
  write: 1,
  disconnect: 2,
  flush: 3,
  trim: 4,
  cache: 5,
  writeZeroes: 6,
  blockStatus: 7,
} as const
export type Command = keyof typeof COMMAND

export const COMMAND_FLAG = { fua: 1, noHole: 2, dontFragment: 4, oneExtent: 8 } as const

export const EXPORT_FLAG = {
  hasFlags: 1,
  readOnly: 1 << 1,
  flush: 1 << 2,
  fua: 1 << 3,
  trim: 1 << 5,
  writeZeroes: 1 << 6,
  dontFragment: 1 << 7,
  multipleConnections: 1 << 8,
} as const

export const REPLY_DONE = 1
export const REPLY = { none: 0, data: 1, hole: 2, blockStatus: 5 } as const
/** Structured replies with this bit are errors: code, message. */
export const REPLY_ERROR = 2 ** 15
/** An error at an offset: code, message, offset. */
export const REPLY_ERROR_AT = REPLY_ERROR + 2

export const ERRNO = {
  EPERM: 1,
  EIO: 5,
  ENOMEM: 12,
  EINVAL: 22,
  ENOSPC: 28,
  EOVERFLOW: 75,
} as const

export const REQUEST_BYTES = 28

/** The longest that a read or write may be; servers end the connection above it. */
export const LONGEST_REQUEST = 32 * 1024 * 1024
export const BASE_ALLOCATION = 'base:allocation'
/** The id that our server gives it. */
export const ALLOCATION_ID = 1
/** Bit of base:allocation: the range reads as zeros. */
export const STATE_ZERO = 2
/** And nothing is allocated for it. */
export const STATE_HOLE = 1

export interface Request {
  readonly command: Command
  readonly flags: number
  readonly cookie: bigint
  readonly offset: number
  readonly length: number
}

export function encodeRequest(request: Request): Buffer {
  const bytes = Buffer.allocUnsafe(REQUEST_BYTES)
  bytes.writeUInt32BE(REQUEST_MAGIC, 0)
  bytes.writeUInt16BE(request.flags, 4)
  bytes.writeUInt16BE(COMMAND[request.command], 6)
  bytes.writeBigUInt64BE(request.cookie, 8)
  bytes.writeBigUInt64BE(BigInt(request.offset), 16)
  bytes.writeUInt32BE(request.length, 24)
  return bytes
}
