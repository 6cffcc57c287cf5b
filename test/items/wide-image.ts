import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { fileReader, makeExt, makeTree } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'

/** Entries of its folder `/wide`. */
export const WIDE_ENTRIES = 700

/** An ext4 with a folder of many entries, gone after the test. */
export async function wideImage(t: TestContext): Promise<ByteReader> {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'tree'))
  await makeTree(join(folder, 'tree'), { wide: WIDE_ENTRIES, depth: 4, huge: false })
  await makeExt(join(folder, 'image'), 'ext4', join(folder, 'tree'), 48 * 2 ** 20)
  const reader = await fileReader(join(folder, 'image'))
  t.after(() => reader.close())
  return reader
}
