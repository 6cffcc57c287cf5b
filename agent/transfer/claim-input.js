import { open } from 'node:fs/promises'
import { Slots } from '../../core/chunk/slots.js'
import { HoldfastError } from '../../core/model/error.js'
import { chunkOffset } from '../../core/model/geometry.js'
import { RUN_KINDS } from '../../core/model/pass-checksum.js'
import { READ } from './claims.js'
export function openClaimInput(disk, chunkBytes, chunksOfClaim) {
  return disk.rawPath === undefined
    ? Promise.resolve(readerInput(disk.reader, chunkBytes, chunksOfClaim))
    : fileInput(disk.rawPath)
}
/** The workers read the file themselves, through one descriptor. */
async function fileInput(path) {
  const handle = await open(path, 'r')
  return {
    prepare: async () => ({ fd: handle.fd }),
    giveBack: () => {},
    close: () => handle.close(),
  }
}
/** Best size of an NBD request; larger ones make QEMU allocate bounce buffers. */
const REQUEST_BYTES = 256 * 1024
/** Claims being read at once: some twenty requests. */
const CLAIMS_READ = 2
const READ_TRIES = 3
/** Everything else is read here and handed over. */
function readerInput(reader, chunkBytes, chunksOfClaim) {
  const reading = new Slots(CLAIMS_READ)
  const kept = []
  return {
    prepare: (claim, signal) =>
      reading.use(async () => {
        signal.throwIfAborted()
        const plain = kept.pop() ?? new ArrayBuffer(chunksOfClaim * chunkBytes)
        const read = new ClaimRead(reader, chunkBytes, claim, new Uint8Array(plain), signal)
        await read.all()
        return { plain }
      }),
    giveBack: (plain) => {
      if (plain) kept.push(plain)
    },
    close: async () => {},
  }
}
class ClaimRead {
  #reader
  #chunkBytes
  #claim
  #plain
  #signal
  constructor(reader, chunkBytes, claim, plain, signal) {
    this.#reader = reader
    this.#chunkBytes = chunkBytes
    this.#claim = claim
    this.#plain = plain
    this.#signal = signal
  }
  async all() {
    const { states } = this.#claim
    const most = Math.max(1, Math.floor(REQUEST_BYTES / this.#chunkBytes))
    const reads = []
    for (let i = 0; i < states.length;) {
      let count = 0
      while (count < most && states[i + count] === READ) count++
      if (count > 0) reads.push(this.#read(i, count))
      i += Math.max(count, 1)
    }
    // All must end before the memory is given away, also when one fails.
    const failed = (await Promise.allSettled(reads)).find((read) => read.status === 'rejected')
    if (failed) throw failed.reason
  }
  async #read(i, count) {
    const offset = chunkOffset(this.#claim.start + i, this.#chunkBytes)
    const length = Math.min(count * this.#chunkBytes, this.#reader.sizeBytes - offset)
    const into = this.#plain.subarray(i * this.#chunkBytes, i * this.#chunkBytes + length)
    for (let attempt = 1; attempt <= READ_TRIES; attempt++) {
      try {
        return await this.#reader.read(offset, into, this.#signal)
      } catch (error) {
        this.#signal.throwIfAborted()
        if (!(error instanceof HoldfastError) || error.code !== 'source-unreadable') throw error
        if (count > 1) return this.#halve(i, count)
      }
    }
    this.#claim.states[i] = RUN_KINDS.UNREADABLE
  }
  /** Down to the single chunks that cannot be read. */
  async #halve(i, count) {
    const half = count >> 1
    await this.#read(i, half)
    await this.#read(i + half, count - half)
  }
}
//# sourceMappingURL=claim-input.js.map
