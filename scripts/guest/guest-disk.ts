import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** /sbin is not in an ordinary user's PATH. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' }

export interface GuestDiskOptions {
  readonly format: 'raw' | 'qcow2'
  readonly sizeBytes: number
  /** So many files of so many bytes that do not compress; the guest knows their SHA-256. */
  readonly files: number
  readonly fileBytes: number
}

/** A disk with an ext4 file system for the guest, whose files it examines when it boots. */
export async function makeGuestDisk(image: string, options: GuestDiskOptions): Promise<void> {
  const work = await mkdtemp(path.join(path.dirname(image), '.guest-disk-'))
  try {
    const tree = path.join(work, 'tree')
    await writeTree(tree, options)
    const raw = path.join(work, 'disk.raw')
    await writeFile(raw, '')
    await truncate(raw, options.sizeBytes)
    const owner = ['-E', 'root_owner=0:0,lazy_itable_init=1']
    await run('mke2fs', ['-q', '-F', '-t', 'ext4', ...owner, '-d', tree, raw], { env })
    const to = ['-O', options.format, raw, image]
    await run('qemu-img', ['convert', '-f', 'raw', ...to])
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function writeTree(tree: string, { files, fileBytes }: GuestDiskOptions): Promise<void> {
  await mkdir(path.join(tree, 'photos'), { recursive: true })
  const sums: string[] = []
  for (let i = 0; i < files; i++) {
    const content = randomBytes(fileBytes)
    const name = `photos/${i}.jpg`
    await writeFile(path.join(tree, name), content)
    sums.push(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`)
  }
  await writeFile(path.join(tree, 'SUMS'), sums.join(''))
}
