import type { FileHead__Output } from '../wire/generated/holdfast/v1/FileHead.ts'
import type { Filled } from '../wire/shape.ts'

export type FileHead = Filled<FileHead__Output>

/** Takes files and folders one after another, each with its content in order. */
export interface FileSink {
  /** Begins the next. What throws a HoldfastError is said of this one; the others go on. */
  begin(head: FileHead): Promise<void>
  data(bytes: Buffer): Promise<void>
  hole(length: number): Promise<void>
  /** Of what was begun last; `isWhole` says whether all its content came. What fails then is ended as not whole. */
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
