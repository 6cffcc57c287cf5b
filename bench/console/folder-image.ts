import { mkdirSync, writeFileSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { run } from '../data/run.ts'

/** An ext4 image whose folder `many` has so many empty files. */
export async function makeFolderImage(
  image: string,
  scratch: string,
  entries: number,
): Promise<void> {
  const tree = path.join(scratch, 'tree')
  const many = path.join(tree, 'many')
  mkdirSync(many, { recursive: true })
  for (let i = 0; i < entries; i++) writeFileSync(path.join(many, `file ${i}.txt`), '')
  await writeFile(image, '')
  await truncate(image, 4 * 2 ** 30)
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-N', String(entries + 1000), '-d', tree, image])
}
