import { HoldfastError } from '../../core/model/error.ts'
import type { FileHead__Output } from '../../core/wire/generated/holdfast/v1/FileHead.ts'
import type { Filled } from '../../core/wire/shape.ts'

export type FileHead = Filled<FileHead__Output>

/** Takes files and folders one after another, each with its content in order. */
export interface FileSink {
  /** Begins the next. What throws a HoldfastError is said of this one; the others go on. */
  begin(head: FileHead): Promise<void>
  data(bytes: Buffer): Promise<void>
  hole(length: number): Promise<void>
  /** Of what was begun last; `isWhole` says whether all its content came. */
  end(isWhole: boolean): Promise<void>
  /** All have come. */
  finish(): Promise<void>
  /** Nothing more will come; what is half there is taken away. */
  abandon(): Promise<void>
  /** What this sink cannot hold, in sentences. */
  readonly warnings: readonly string[]
}

/** Where a stream of bytes goes. */
export interface ByteOutput {
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
  abandon(): Promise<void>
}

const ZEROS = Buffer.alloc(256 * 1024)

export async function writeZeros(output: ByteOutput, length: number): Promise<void> {
  for (let left = length; left > 0; left -= ZEROS.length)
    await output.write(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS)
}

/** The server hands out what guests wrote; what would leave a folder is refused here once more. */
export function requireSafePath(path: Buffer): Buffer[] {
  if (path.length === 0) return []
  const parts: Buffer[] = []
  for (let start = 0; start <= path.length;) {
    const slash = path.indexOf(0x2f, start)
    const end = slash < 0 ? path.length : slash
    parts.push(path.subarray(start, end))
    start = end + 1
  }
  const isSafe = parts.every(
    (part) => part.length > 0 && !part.includes(0) && !/^\.\.?$/.test(part.toString('latin1')),
  )
  if (isSafe) return parts
  throw new HoldfastError(
    'target-refused',
    `an impossible path: ${JSON.stringify(path.toString('latin1'))}`,
  )
}
