import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { consoleText } from '../guest/guest-vm.ts'

const PATIENCE_MS = 180_000

/** What a guest that somebody else has started says on its console, once it says this. */
export async function guestSays(file: string, what: RegExp): Promise<string> {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const text = await consoleText(file)
    if (what.test(text)) return text
    if (performance.now() > end) throw new Error(`the guest does not say ${what}: ${text}`)
    await wait(100)
  }
}

/** What it found when it looked at its disks. Throws when one is not whole. */
export function whole(said: string, disks: number): string[] {
  const broken = /^BROKEN.*/m.exec(said)
  if (broken) throw new Error(broken[0])
  const lines = [...said.matchAll(/^WHOLE (\S+) (\d+)$/gm)]
  if (lines.length !== disks) throw new Error(`the guest found ${lines.length} disks: ${said}`)
  return lines.map(
    ([, disk, count]) => `${disk}: every file is as it was, ${count} lines without a gap`,
  )
}

/** Ends the QEMU with this UUID, whoever started it. */
export async function endGuest(uuid: string): Promise<void> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (words.includes(`-uuid\0${uuid}\0`)) process.kill(Number(pid), 'SIGKILL')
  }
}
