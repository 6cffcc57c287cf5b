import { HoldfastError } from '../model/error.ts'
import { showName } from '../model/guest-name.ts'
import { isLongStream } from '../model/long-stream.ts'
import { requireSafePath } from '../model/safe-path.ts'
import { writeZeros, type ByteOutput, type FileHead, type FileSink } from './file-sink.ts'
import { accessListText } from './access-list-text.ts'
import { BLOCK, HARD_LINK, padded, padding, tarHeaders, TYPE_FLAGS } from './tar-header.ts'

/** A tar that GNU tar, bsdtar and others read. Memory does not grow with sizes or counts. */
export class TarSink implements FileSink {
  readonly #output: ByteOutput
  /** Bytes that the header announced and that have not come yet. */
  #left = 0
  #padding = 0
  #isSparse = false
  #streams = 0

  constructor(output: ByteOutput) {
    this.#output = output
  }

  get warnings(): string[] {
    if (this.#streams === 0) return []
    return [`streams of ${this.#streams} files are too long for a tar: fetch them as FILE:STREAM`]
  }

  async begin(head: FileHead): Promise<void> {
    requireSafePath(head.path)
    const flag = head.sameAs === null ? TYPE_FLAGS[head.type] : HARD_LINK
    if (flag === undefined)
      throw new HoldfastError('format-cannot-hold', `a tar cannot hold a ${head.type}`)
    const isFile = flag === '0'
    const map = isFile ? sparseMap(head) : undefined
    const size = map ? map.bytes.length + map.dataBytes : isFile ? head.sizeBytes : 0
    if (head.attributes.some(({ name }) => isLongStream(name))) this.#streams++
    const records = head.attributes.flatMap(({ name, value }) =>
      isLongStream(name) ? [] : [attributeRecord(name, value)],
    )
    const path = nameOf(head)
    await this.#output.write(
      tarHeaders({
        ...{ flag, size, link: head.sameAs ?? head.target ?? Buffer.alloc(0), status: head.status },
        path: map ? sparseName(path) : path,
        records: map ? [...sparseRecords(path, head.sizeBytes), ...records] : records,
      }),
    )
    if (map) await this.#output.write(map.bytes)
    this.#left = map ? map.dataBytes : size
    this.#padding = padding(size)
    this.#isSparse = map !== undefined
  }

  async data(bytes: Buffer): Promise<void> {
    if (bytes.length > this.#left) throw tooLong()
    this.#left -= bytes.length
    await this.#output.write(bytes)
  }

  async hole(length: number): Promise<void> {
    if (this.#isSparse) return
    if (length > this.#left) throw tooLong()
    this.#left -= length
    await writeZeros(this.#output, length)
  }

  /** Zeros stand for what did not come: the entries behind it stay readable. */
  async end(): Promise<void> {
    await writeZeros(this.#output, this.#left + this.#padding)
    this.#left = 0
    this.#padding = 0
  }

  async finish(): Promise<void> {
    await writeZeros(this.#output, 2 * BLOCK)
    await this.#output.close()
  }

  abandon(): Promise<void> {
    return this.#output.abandon()
  }
}

function tooLong(): HoldfastError {
  return new HoldfastError('protocol-violation', 'the server sent more than it had announced')
}

function nameOf({ path, type }: FileHead): Buffer {
  if (path.length === 0) return Buffer.from('./')
  return type === 'folder' ? Buffer.concat([path, Buffer.from('/')]) : path
}

/** As GNU tar and bsdtar read them. */
const ACCESS_LISTS: Readonly<Record<string, string>> = {
  'system.posix_acl_access': 'SCHILY.acl.access',
  'system.posix_acl_default': 'SCHILY.acl.default',
}

/** `LENGTH KEY=VALUE`: a key with '=' in it could not be told from its value. */
function attributeRecord(name: Buffer, value: Buffer): readonly [string, Buffer] {
  const list = ACCESS_LISTS[name.toString('latin1')]
  const text = list === undefined ? undefined : accessListText(value)
  if (list !== undefined && text !== undefined) return [list, Buffer.from(text)]
  const key = showName(name).name.replaceAll('=', '%3D')
  return [`SCHILY.xattr.${key}`, value]
}

interface SparseMap {
  readonly bytes: Buffer
  readonly dataBytes: number
}

/** Undefined where there are no holes, or more pieces than the server tells beforehand. */
function sparseMap({ extents, sizeBytes }: FileHead): SparseMap | undefined {
  if (!extents.some(({ hole }) => hole)) return undefined
  const data = extents.filter(({ hole }) => !hole)
  const numbers = data.flatMap(({ offset, length }) => [offset, length])
  if (extents.at(-1)?.hole === true) numbers.push(sizeBytes, 0)
  const text = [numbers.length / 2, ...numbers].map((number) => `${number}\n`).join('')
  const dataBytes = data.reduce((sum, { length }) => sum + length, 0)
  return { bytes: padded(Buffer.from(text)), dataBytes }
}

function sparseName(path: Buffer): Buffer {
  const slash = path.lastIndexOf(0x2f) + 1
  return Buffer.concat([
    path.subarray(0, slash),
    Buffer.from('GNUSparseFile.0/'),
    path.subarray(slash),
  ])
}

function sparseRecords(path: Buffer, sizeBytes: number): (readonly [string, Buffer])[] {
  return [
    ['GNU.sparse.major', Buffer.from('1')],
    ['GNU.sparse.minor', Buffer.from('0')],
    ['GNU.sparse.name', path],
    ['GNU.sparse.realsize', Buffer.from(String(sizeBytes))],
  ]
}
