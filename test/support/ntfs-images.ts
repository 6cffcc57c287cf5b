import { cp, link, mkdir, open, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExpectedNode } from '../filesystem/contract.suite.ts'
import { bytesOf, tool } from './ext-images.ts'
import { whileMounted } from './image-mount.ts'
import { makePlainTree, type PlainTree } from './plain-tree.ts'

export const NTFS_DRIVER = ['ntfs-3g', '-o', 'streams_interface=windows,compression']

/** An image with all that ntfs-3g can make. */
export async function makeNtfs(
  folder: string,
  name: string,
  options: { wide: number; sizeBytes: number; clusterBytes: number },
): Promise<{ image: string; tree: PlainTree }> {
  const source = join(folder, name)
  const mounted = join(folder, 'mounted')
  await mkdir(source)
  const tree = await makePlainTree(source, options.wide, 12, ['😀 beyond the plane.txt'])
  const image = join(folder, `${name}.img`)
  await writeFile(image, '')
  await truncate(image, options.sizeBytes)
  await tool('mkntfs', '-F', '-Q', '-q', '-L', 'Läbel', '-c', String(options.clusterBytes), image)
  await whileMounted(image, mounted, NTFS_DRIVER, async () => {
    await makeGaps(mounted)
    await cp(source, mounted, { recursive: true, preserveTimestamps: true })
    await fillPieces(mounted, tree.expected)
    await fillPacked(mounted, tree.expected)
    await fillSparse(mounted, tree.expected)
    await fillLinks(mounted, tree.expected)
    await fillStreams(mounted, tree.expected)
  })
  return { image, tree }
}

/** Records and folder entries that were used before. */
async function makeGaps(root: string): Promise<void> {
  await mkdir(join(root, 'gaps'))
  for (let i = 0; i < 200; i++)
    await writeFile(join(root, 'gaps', `gap ${i}`), bytesOf('gap', 9000))
  await rm(join(root, 'gaps'), { recursive: true })
}

/** Hundreds of pieces with holes between them: more than one record can tell the places of. */
async function fillPieces(root: string, expected: Map<string, ExpectedNode>): Promise<void> {
  const parts = Array.from({ length: 700 }, (_, i) => {
    const content = bytesOf(`piece ${i}`, 4096)
    return { offset: i * 150_000 + ((i * i) % 7) * 4096, content }
  })
  const last = { offset: 700 * 150_000, content: bytesOf('last', 777) }
  const file = await open(join(root, 'in pieces'), 'w')
  for (const { offset, content } of [...parts, last])
    await file.write(content, 0, content.length, offset)
  await file.close()
  const sizeBytes = last.offset + last.content.length
  expected.set('in pieces', { type: 'file', sizeBytes, parts: [...parts, last] })
}

const COMPRESSED_FOLDER = '0x00000810'

async function fillPacked(root: string, expected: Map<string, ExpectedNode>): Promise<void> {
  const folder = join(root, 'packed')
  await mkdir(folder)
  await tool('setfattr', '-h', '-v', COMPRESSED_FOLDER, '-n', 'system.ntfs_attrib_be', folder)
  expected.set('packed', { type: 'folder' })
  const words = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `line ${i % 977}\n`).join(''))
  const contents = {
    text: words,
    random: bytesOf('packed', 300_001),
    mixed: Buffer.concat([
      words.subarray(0, 200_000),
      bytesOf('m', 150_000),
      Buffer.alloc(400_000),
    ]),
    zeros: Buffer.alloc(500_000),
    'short text': words.subarray(0, 5000),
    tiny: Buffer.from('tiny'),
  }
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(join(folder, name), content)
    expected.set(`packed/${name}`, { type: 'file', content })
  }
}

async function fillSparse(root: string, expected: Map<string, ExpectedNode>): Promise<void> {
  const sizeBytes = 5 * 2 ** 30 + 12_345
  const file = await open(join(root, 'huge'), 'w')
  const parts = [0, 2 ** 32 + 4096 * 3 + 5, sizeBytes - 10_000].map((offset) => ({
    offset,
    content: bytesOf(`huge ${offset}`, 10_000),
  }))
  await file.truncate(sizeBytes)
  for (const { offset, content } of parts) await file.write(content, 0, content.length, offset)
  await file.close()
  expected.set('huge', { type: 'file', sizeBytes, parts })
}

async function fillLinks(root: string, expected: Map<string, ExpectedNode>): Promise<void> {
  const linked = expected.get('size 4097')!
  await mkdir(join(root, 'names'))
  expected.set('names', { type: 'folder' })
  for (let i = 0; i < 30; i++) {
    const name = `names/${'one more name of a file '.repeat(5)}${i}`
    await link(join(root, 'size 4097'), join(root, name))
    expected.set(name, linked)
  }
  await symlink('size 4097', join(root, 'link'))
  expected.set('link', { type: 'link', target: Buffer.from('size 4097') })
  const relative = reparse(0xa000000c, '..\\size ☃', [1])
  await reparsePoint(join(root, 'windows link'), relative)
  expected.set('windows link', { type: 'link', target: Buffer.from('../size ☃') })
  const junction = join(root, 'junction')
  await mkdir(junction)
  await setReparse(junction, reparse(0xa0000003, 'D:\\far away', []))
  expected.set('junction', { type: 'link', target: Buffer.from('D:\\far away') })
}

/** `flags` only for symbolic links. */
function reparse(tag: number, target: string, flags: readonly number[]): Buffer {
  const substitute = Buffer.from(`\\??\\${target}`, 'utf16le')
  const shown = Buffer.from(target, 'utf16le')
  const head = Buffer.alloc(16 + flags.length * 4)
  const names = Buffer.concat([substitute, Buffer.alloc(2), shown, Buffer.alloc(2)])
  head.writeUInt32LE(tag, 0)
  head.writeUInt16LE(head.length - 8 + names.length, 4)
  head.writeUInt16LE(substitute.length, 10)
  head.writeUInt16LE(substitute.length + 2, 12)
  head.writeUInt16LE(shown.length, 14)
  flags.forEach((flag, index) => head.writeUInt32LE(flag, 16 + index * 4))
  return Buffer.concat([head, names])
}

async function reparsePoint(file: string, value: Buffer): Promise<void> {
  await writeFile(file, '')
  await setReparse(file, value)
}

async function setReparse(file: string, value: Buffer): Promise<void> {
  const text = `0x${value.toString('hex')}`
  await tool('setfattr', '-h', '-n', 'system.ntfs_reparse_data', '-v', text, file)
}

/** Compressed by Windows in a way of which only the mark is made here. */
export const WOF_POINT = Buffer.from('170000801000000001000000020000000100000000000000', 'hex')

async function fillStreams(root: string, expected: Map<string, ExpectedNode>): Promise<void> {
  await writeFile(join(root, 'with streams'), 'main')
  await writeFile(join(root, 'with streams:first'), 'a small stream')
  await writeFile(join(root, 'with streams:zweiter Ström'), bytesOf('stream', 200_000))
  expected.set('with streams', { type: 'file', content: Buffer.from('main') })
  await reparsePoint(join(root, 'compacted'), WOF_POINT)
}
