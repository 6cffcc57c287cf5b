import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { run } from './run.ts'

/** Where real files of many kinds lie: programs, libraries, documents, data. */
const PLACES = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/usr/share',
  '/usr/include',
  '/usr/local',
  '/usr/libexec',
  '/etc',
  '/var/lib/dpkg',
  '/opt',
]

/** Fills `folder` with copies of this machine's files, about `bytes` of them. */
export async function gatherFiles(folder: string, bytes: number): Promise<void> {
  await run('rm', ['-rf', folder])
  let left = bytes
  for (const place of PLACES)
    for (const entry of await entriesOf(place)) {
      const size = await sizeOf(entry)
      if (size > left) continue
      const target = path.join(folder, path.dirname(entry))
      await mkdir(target, { recursive: true })
      // What an ordinary user cannot read is left out.
      await run('cp', ['-a', entry, target]).catch(() => {})
      left -= size
    }
  if (left > bytes * 0.1)
    throw new Error(
      `this machine has too few files for the bench: ${Math.round(left / 2 ** 20)} MiB are missing`,
    )
}

async function entriesOf(place: string): Promise<string[]> {
  const names = await readdir(place).catch(() => [])
  return names.sort().map((name) => path.join(place, name))
}

async function sizeOf(entry: string): Promise<number> {
  const said = await run('du', ['-sxk', entry]).catch(() => '')
  return said === '' ? Infinity : Number.parseInt(said, 10) * 1024
}
