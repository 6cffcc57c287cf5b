import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** /sbin is not in an ordinary user's PATH. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' }

const IMAGE_BYTES = 512 * 2 ** 20
const PAGES = 400

/** A raw disk image with an ext4 file system and some hundred files in it; needs no root. */
export async function makeImage(image: string, scratch: string): Promise<void> {
  const site = path.join(scratch, 'site')
  await mkdir(path.join(site, 'pages'), { recursive: true })
  for (let i = 0; i < PAGES; i++) await writeFile(path.join(site, 'pages', `${i}.html`), page(i))
  // What does not compress: photographs, archives.
  for (let i = 0; i < 8; i++)
    await writeFile(path.join(site, `photo-${i}.jpg`), randomBytes(4 << 20))
  await writeFile(image, '')
  await truncate(image, IMAGE_BYTES)
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-L', 'web', '-d', site, image], { env })
}

function page(number: number): string {
  const line = (at: number) => `<p>Page ${number}, line ${at}: ${(number * 7919 + at) ** 2}</p>\n`
  return Array.from({ length: 600 }, (_, at) => line(at)).join('')
}

/** Writes and removes files inside the image, without mounting it. */
export async function changeFiles(image: string, scratch: string): Promise<void> {
  const fresh = path.join(scratch, 'fresh.html')
  await writeFile(fresh, page(100_000))
  const newer = path.join(scratch, 'newer.html')
  await writeFile(newer, page(100_001))
  const commands = [
    ...[`write ${fresh} fresh.html`, 'rm pages/17.html', 'mkdir drafts'],
    ...['rm pages/18.html', `write ${newer} pages/18.html`],
  ]
  for (const command of commands) await run('debugfs', ['-w', '-R', command, image], { env })
}

/** Names in the image's top folder. */
export async function listFiles(image: string): Promise<string[]> {
  const { stdout } = await run('debugfs', ['-R', 'ls -p /', image], { env })
  const names = stdout.split('\n').map((line) => line.split('/')[5] ?? '')
  return names.filter((name) => name !== '' && name !== '.' && name !== '..').sort()
}

/** Throws when the file system in the image is not clean. */
export async function checkFileSystem(image: string): Promise<void> {
  await run('e2fsck', ['-f', '-n', image], { env })
}

/** Throws when the two images do not hold the same disk. */
export async function compareImages(a: [string, string], b: [string, string]): Promise<void> {
  await run('qemu-img', ['compare', '-f', a[0], '-F', b[0], a[1], b[1]], { env })
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash)
  return hash.digest('hex')
}
