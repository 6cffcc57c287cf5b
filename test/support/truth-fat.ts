import { mkdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openFat } from '../../core/filesystem/fat/fat-file-system.ts'
import { fileReader, tool } from './ext-images.ts'
import { compareWithMounted } from './mounted.ts'
import { RandomTree } from './random-tree.ts'

const TREE = { unix: false, links: false, sparse: false, emoji: false, longNames: true }
/** Even seconds, local ones: the caller sets TZ to UTC. */
const COMPARED = { unix: false, links: false, allTimes: false, stepNs: 2_000_000_000n }

/**
 * No driver of this kernel's mounts FAT: mtools writes two trees, with a third between them that is deleted,
 * and reads all of it back into a folder, which is what the image is compared with.
 */
export async function compareFatTruth(
  folder: string,
  seed: string,
  size: { readonly bits: string; readonly imageBytes: number; readonly steps: number },
): Promise<number> {
  const image = join(folder, 'image')
  await writeFile(image, '')
  await truncate(image, size.imageBytes)
  await tool('mkfs.fat', '-F', size.bits, '-s', '4', image)
  for (const [name, steps] of Object.entries({ first: 0.5, gaps: 0.3, second: 0.5 })) {
    await mkdir(join(folder, name))
    new RandomTree(join(folder, name), `${seed} ${name}`, TREE).grow(size.steps * steps)
    if (name === 'second') await makeGaps(image)
    await tool('mcopy', '-i', image, '-s', '-m', '-Q', join(folder, name), '::')
    await rm(join(folder, name), { recursive: true })
  }
  const read = join(folder, 'read')
  await mkdir(read)
  const names = (await tool('mdir', '-i', image, '-b', '::')).split('\n').filter(Boolean)
  await tool('mcopy', '-i', image, '-s', '-m', '-n', ...names, read)
  const reader = await fileReader(image)
  try {
    const system = await openFat(reader)
    const { entries } = await compareWithMounted(system, read, COMPARED)
    return entries
  } finally {
    await reader.close()
  }
}

/** What is written next goes into their clusters, and into entries that were used before. */
async function makeGaps(image: string): Promise<void> {
  await tool('mdeltree', '-i', image, '::gaps')
  const first = (await tool('mdir', '-i', image, '-b', '::first')).split('\n').filter(Boolean)
  const plain = first.filter((path) => /^::\/first\/[a-z0-9]+$/.test(path))
  for (const path of plain.filter((_, at) => at % 3 === 0))
    await tool('mdeltree', '-i', image, path)
}
