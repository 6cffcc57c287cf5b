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

/**
 * Names one run of it: another process, also of the same VM, has another name. Undefined where /proc does
 * not show it.
 */
export async function runOf(uuid: string): Promise<string | undefined> {
  const found = await runningQemu(uuid)
  const stat = found && (await readFile(`/proc/${found.pid}/stat`, 'latin1').catch(() => undefined))
  if (!stat) return undefined
  // The name of the program comes second, in parentheses, and may have spaces; when it began is 22nd.
  const began = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return `${found.pid} ${began}`
}

interface RunningQemu {
  readonly pid: string
  readonly words: string[]
}

/** Where each was found last: a point asks several times, and hosts have thousands of processes. */
const lastPids = new Map<string, string>()

async function runningQemu(uuid: string): Promise<RunningQemu | undefined> {
  const last = lastPids.get(uuid)
  const again = last === undefined ? undefined : await qemuAt(last, uuid)
  if (again) return again
  lastPids.delete(uuid)
  for (const pid of await readdir('/proc')) {
    const found = /^\d+$/.test(pid) ? await qemuAt(pid, uuid) : undefined
    if (!found) continue
    lastPids.set(uuid, pid)
    return found
  }
  return undefined
}

async function qemuAt(pid: string, uuid: string): Promise<RunningQemu | undefined> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const words = text.split('\0').slice(0, -1)
  const at = words.indexOf('-uuid')
  return at > 0 && words[at + 1]?.toLowerCase() === uuid ? { pid, words } : undefined
}
