import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExpectedNode } from '../filesystem/contract.suite.ts'
import { bytesOf } from './ext-images.ts'

/** When file number `index` of a plain tree was written, in seconds: even ones, as FAT has them. */
export function writtenAt(index: number): number {
  return 1_500_000_000 + index * 86_402
}

export interface PlainTree {
  readonly expected: Map<string, ExpectedNode>
  /** In the order of writing: `writtenAt` of its index is the file's time. */
  readonly files: readonly string[]
}

const SIZES = [0, 1, 511, 512, 513, 4095, 4096, 4097, 65_536, 100_001, 700_003]

/** Files and folders such as every system can hold: names in UTF-16, no links, no holes. */
export async function makePlainTree(
  folder: string,
  wide: number,
  depth = 12,
  more: readonly string[] = [],
): Promise<PlainTree> {
  const expected = new Map<string, ExpectedNode>()
  const files: string[] = []
  const key = (path: string) => Buffer.from(path).toString('latin1')
  const put = async (path: string, content: Buffer) => {
    await writeFile(join(folder, path), content)
    await utimes(join(folder, path), writtenAt(files.length), writtenAt(files.length))
    files.push(path)
    expected.set(key(path), { type: 'file', content })
  }
  const dir = async (path: string) => {
    await mkdir(join(folder, path))
    expected.set(key(path), { type: 'folder' })
  }
  for (const size of SIZES) await put(`size ${size}`, bytesOf(`size ${size}`, size))
  const odd = [
    'UPPER.TXT',
    'lower.txt',
    'Mixed.Txt',
    'no-extension',
    '.hidden',
    'a.b.c.d.e',
    'x y  z',
  ]
  const far = ['Ünïcödé ß.txt', '☃ 日本語.bin', 'ΑΒΓαβγ', '~1', 'A~1.TXT', '$x']
  for (const name of [...odd, ...far, ...more]) await put(name, bytesOf(name, 700 + name.length))
  await put('n'.repeat(251) + '.txt', bytesOf('long', 3000))
  await put('日'.repeat(80), bytesOf('long in UTF-8', 3000))
  await dir('wide')
  for (let i = 0; i < wide; i++)
    await put(
      `wide/entry ${'of many '.repeat(i % 9)}${i}.dat`,
      bytesOf(`wide ${i}`, (i * 37) % 1500),
    )
  let path = 'deep'
  for (let i = 0; i < depth; i++, path += `/Level ${i}`) {
    await dir(path)
    await put(`${path}/file`, bytesOf(path, i * 97))
  }
  await dir('empty folder')
  return { expected, files }
}
