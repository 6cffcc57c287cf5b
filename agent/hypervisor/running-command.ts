import { readdir, readFile } from 'node:fs/promises'

/** The words of the command line of the QEMU with this UUID on this host, where /proc shows it. */
export async function commandLineOf(uuid: string): Promise<string[] | undefined> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const words = text.split('\0').slice(0, -1)
    const at = words.indexOf('-uuid')
    if (at > 0 && words[at + 1]?.toLowerCase() === uuid) return words
  }
  return undefined
}
