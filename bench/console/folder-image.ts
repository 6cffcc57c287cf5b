import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { run } from '../data/run.ts'

/**
 * An ext4 image whose folder `many` has so many empty files. Root only: the kernel makes them, since
 * mke2fs looks through the whole folder for each.
 */
export async function makeFolderImage(
  image: string,
  scratch: string,
  entries: number,
): Promise<void> {
  const mountPoint = path.join(scratch, 'mounted')
  await mkdir(mountPoint)
  await writeFile(image, '')
  await truncate(image, 4 * 2 ** 30)
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-N', String(entries + 1000), image])
  await run('mount', ['-o', 'loop', image, mountPoint])
  try {
    const many = path.join(mountPoint, 'many')
    mkdirSync(many)
    for (let i = 0; i < entries; i++) writeFileSync(path.join(many, `file ${i}.txt`), '')
    // It may be mounted elsewhere too by then: leaving it does not write what is left.
    await run('sync', ['-f', mountPoint])
  } finally {
    await run('umount', [mountPoint])
  }
}
