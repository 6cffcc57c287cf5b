import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { link, mkdir, open, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import type { Expected, ExpectedNode } from '../filesystem/contract.suite.ts'

const run = promisify(execFile)
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`

/** Runs a tool of the system, also one of /sbin; gives its output. */
export async function tool(name: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(name, args, { env: { ...process.env, PATH }, maxBuffer: 2 ** 26 })
  return stdout
}

/** Bytes that differ at every index and from those of every other seed. */
export function bytesOf(seed: string, length: number): Buffer {
  const key = createHash('sha256').update(seed).digest()
  const bytes = Buffer.alloc(length)
  for (let at = 0; at + 4 <= length; at += 4)
    bytes.writeUInt32LE((key.readUInt32LE((at / 4) % 29) + at * 2654435761) >>> 0, at)
  return bytes
}

export interface TreeOptions {
  /** Entries of the wide folder. */
  readonly wide?: number
  readonly depth?: number
  /** Larger than 4 GiB, and all hole but its ends. */
  readonly huge?: boolean
}

/** Deep, wide, long and odd names, sparse, empty, large, links of every kind. */
export async function makeTree(
  folder: string,
  { wide = 1500, depth = 40, huge = true }: TreeOptions = {},
): Promise<Expected> {
  const expected = new Map<string, ExpectedNode>()
  const at = (path: Buffer | string) =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path)])
  const named = (path: Buffer | string) => Buffer.from(path).toString('latin1')
  const put = async (path: Buffer | string, content: Buffer) => {
    await writeFile(at(path), content)
    expected.set(named(path), { type: 'file', content })
  }
  const dir = async (path: Buffer | string) => {
    await mkdir(at(path))
    expected.set(named(path), { type: 'folder' })
  }
  const point = async (path: string, target: Buffer) => {
    await symlink(target, at(path))
    expected.set(path, { type: 'link', target })
  }
  await put('empty', Buffer.alloc(0))
  await put('one byte', Buffer.from('x'))
  await put('small', bytesOf('small', 100))
  await put('block', bytesOf('block', 4096))
  await put('odd', bytesOf('odd', 300_001))
  await put('large', bytesOf('large', 6 * 2 ** 20 + 17))
  await put('n'.repeat(255), Buffer.from('a long name'))
  await put(Buffer.from([0x6e, 0xff, 0xfe, 0x80, 0x0a]), Buffer.from('no UTF-8'))
  await put('-rf *\n"\'\\$', Buffer.from('odd'))
  await put('naïve ☃ 日本', Buffer.from('UTF-8'))
  await link(at('odd'), at('hard link of odd'))
  expected.set('hard link of odd', expected.get('odd')!)
  await point('short link', Buffer.from('small'))
  await point('link to nothing', Buffer.from('../../../../etc/passwd'))
  await point('59', Buffer.from('s'.repeat(59)))
  await point('60', Buffer.from('s'.repeat(60)))
  await point('long link', Buffer.from(`${'long/'.repeat(180)}end`))
  await dir('wide')
  for (let i = 0; i < wide; i++)
    await put(`wide/${'entry '.repeat(1 + (i % 7))}${i}`, Buffer.from(`content of ${i}`))
  let path = 'deep'
  for (let i = 0; i < depth; i++, path += `/level ${i}`) {
    await dir(path)
    await put(`${path}/file`, bytesOf(path, i * 97))
  }
  await dir('empty folder')
  const parts = await sparse(at('sparse').toString(), 3_000_000_000 / 100, 7)
  expected.set('sparse', { type: 'file', ...parts })
  if (huge) {
    const far = await sparse(at('huge').toString(), 2 ** 32 + 2 ** 20 * 77, 2)
    expected.set('huge', { type: 'file', ...far })
  }
  const start = bytesOf('start', 5000)
  await writeFile(at('sparse end'), start)
  await truncate(at('sparse end').toString(), 1_000_000)
  expected.set('sparse end', {
    type: 'file',
    sizeBytes: 1_000_000,
    parts: [{ offset: 0, content: start }],
  })
  // mke2fs copies whole seconds only.
  await utimes(at('small'), 1_600_000_000, 1_500_000_000)
  return expected
}

/** `count` parts far apart, the last one at the end. */
async function sparse(file: string, sizeBytes: number, count: number) {
  const handle = await open(file, 'w')
  const parts = []
  for (let i = 0; i < count; i++) {
    const content = bytesOf(`${file.length} ${i}`, 10_000)
    const spread = Math.floor(((sizeBytes - content.length) / Math.max(1, count - 1)) * i)
    const offset = i === count - 1 ? sizeBytes - content.length : spread
    await handle.write(content, 0, content.length, offset)
    parts.push({ offset, content })
  }
  await handle.close()
  return { sizeBytes, parts }
}

export const EXT_KINDS = {
  'ext2, blocks of 1 KiB': ['-t', 'ext2', '-b', '1024'],
  ext3: ['-t', 'ext3', '-I', '128'],
  ext4: ['-t', 'ext4'],
  'ext4, no checksums, 32 bit': ['-t', 'ext4', '-O', '^64bit,^metadata_csum'],
  'ext4, inline data': ['-t', 'ext4', '-O', 'inline_data', '-I', '512'],
  'ext4, meta groups': ['-t', 'ext4', '-b', '1024', '-O', 'meta_bg,^resize_inode'],
  'ext4, clusters': ['-t', 'ext4', '-O', 'bigalloc', '-C', '16384'],
  'ext4, large values': ['-t', 'ext4', '-O', 'ea_inode'],
} as const

export async function makeExt(
  image: string,
  kind: keyof typeof EXT_KINDS,
  tree: string,
  sizeBytes = 128 * 2 ** 20,
): Promise<void> {
  await writeFile(image, '')
  await truncate(image, sizeBytes)
  const more = ['-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0']
  await tool('mke2fs', ...EXT_KINDS[kind], ...more, '-L', 'test', '-d', tree, image)
}

/** An image file as readers see it. */
export async function fileReader(path: string): Promise<ByteReader & { close(): Promise<void> }> {
  const handle = await open(path)
  const { size } = await handle.stat()
  return {
    sizeBytes: size,
    async read(offset, length) {
      const into = Buffer.alloc(length)
      const { bytesRead } = await handle.read(into, 0, length, offset)
      if (bytesRead !== length) throw new RangeError(`${length} bytes at ${offset} of ${size}`)
      return into
    },
    close: () => handle.close(),
  }
}
