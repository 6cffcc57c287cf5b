import { HoldfastError } from '../model/error.ts'
import { writeZeros, type ByteOutput, type FileHead, type FileSink } from './file-sink.ts'

/** The content of one file and nothing of it else: for standard output. */
export class SingleFile implements FileSink {
  readonly warnings: readonly string[] = []
  readonly #output: ByteOutput

  constructor(output: ByteOutput) {
    this.#output = output
  }

  async begin({ type }: FileHead): Promise<void> {
    if (type === 'file') return
    throw new HoldfastError('wrong-usage', `a ${type} has no content to write`, {
      hint: 'Name a folder by -o, or use --archive tar.',
    })
  }

  data(bytes: Buffer): Promise<void> {
    return this.#output.write(bytes)
  }

  hole(length: number): Promise<void> {
    return writeZeros(this.#output, length)
  }

  end(): Promise<void> {
    return Promise.resolve()
  }

  finish(): Promise<void> {
    return this.#output.close()
  }

  abandon(): Promise<void> {
    return this.#output.abandon()
  }
}
