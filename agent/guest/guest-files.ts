import type { GuestAgent } from './guest-agent.ts'

const MOST_BYTES = 64 * 1024
const POLL_MS = 50

/** The beginning of a file in the guest, at most 64 KiB. */
export async function readGuestFile(
  channel: GuestAgent,
  path: string,
  deadlineMs: number,
): Promise<string> {
  const handle = await channel.call('guest-file-open', { path, mode: 'r' }, deadlineMs)
  try {
    const read = await channel.call('guest-file-read', { handle, count: MOST_BYTES }, deadlineMs)
    const { 'buf-b64': text = '' } = read as { 'buf-b64'?: string }
    return Buffer.from(text, 'base64').toString('utf8')
  } finally {
    await channel.call('guest-file-close', { handle }, deadlineMs).catch(() => {})
  }
}

/** What a short command in the guest prints. */
export async function runInGuest(
  channel: GuestAgent,
  path: string,
  args: readonly string[],
  deadlineMs: number,
): Promise<string> {
  const end = performance.now() + deadlineMs
  const parameters = { path, arg: args, 'capture-output': true }
  const { pid } = (await channel.call('guest-exec', parameters, deadlineMs)) as { pid: number }
  for (;;) {
    const status = (await channel.call('guest-exec-status', { pid }, deadlineMs)) as ExecStatus
    if (status.exited) return Buffer.from(status['out-data'] ?? '', 'base64').toString('utf8')
    if (performance.now() > end) throw new Error(`${path} does not end in the guest`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

interface ExecStatus {
  readonly exited: boolean
  readonly 'out-data'?: string
}
