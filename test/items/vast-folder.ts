import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { fileReader, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'

/** Beyond what one list ever held. */
export const VAST_ENTRIES = 120_000

/** An XFS whose folder `/vast` holds links named `entry 0` and so on: it is made in a second, by anybody. */
export async function makeVastFolder(image: string, scratch: string): Promise<void> {
  const lines = ['/boot', '0 0', 'd--755 0 0', 'vast d--755 0 0']
  for (let i = 0; i < VAST_ENTRIES; i++) lines.push(`entry-${i} l--777 0 0 target`)
  const prototype = join(scratch, 'vast-prototype')
  await writeFile(prototype, `${lines.join('\n')}\n$\n$\n`)
  await writeFile(image, '')
  await truncate(image, 512 * 2 ** 20)
  await tool('mkfs.xfs', '-q', '-p', prototype, image)
}

/** The same to be read here, gone after the test. */
export async function vastFolder(t: TestContext): Promise<ByteReader> {
  const folder = await temporaryFolder(t)
  await makeVastFolder(join(folder, 'image'), folder)
  const reader = await fileReader(join(folder, 'image'))
  t.after(() => reader.close())
  return reader
}
