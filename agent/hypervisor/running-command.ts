import { readdir, readFile } from 'node:fs/promises'

/** The words of the command line of the QEMU with this UUID on this host, where /proc shows it. */
export async function commandLineOf(uuid: string): Promise<string[] | undefined> {
  return (await runningQemu(uuid))?.words
}

/** Whose process it is, where /proc shows it. */
export async function userOf(uuid: string): Promise<{ uid: number; gid: number } | undefined> {
  const found = await runningQemu(uuid)
  if (!found) return undefined
  const status = await readFile(`/proc/${found.pid}/status`, 'utf8').catch(() => '')
  // Real, effective, saved, and for files.
  const effective = (key: string) => new RegExp(`^${key}:\\s+\\d+\\s+(\\d+)`, 'm').exec(status)?.[1]
  const [uid, gid] = [effective('Uid'), effective('Gid')]
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

async function runningQemu(uuid: string): Promise<{ pid: string; words: string[] } | undefined> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const words = text.split('\0').slice(0, -1)
    const at = words.indexOf('-uuid')
    if (at > 0 && words[at + 1]?.toLowerCase() === uuid) return { pid, words }
  }
  return undefined
}
