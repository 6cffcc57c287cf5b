import { execFile, spawn, type PromiseWithChild } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

const INDEX = '0x1500016'
const PATIENCE_MS = 10_000

/** Writes a text into a TPM's own storage; its VM is off. */
export async function writeTpm(state: string, text: string): Promise<void> {
  await withTpm(state, async (tool) => {
    await tool('tpm2_nvundefine', INDEX, '-C', 'o').catch(() => {}) // none the first time
    const attributes = 'ownerread|ownerwrite'
    await tool('tpm2_nvdefine', INDEX, '-C', 'o', '-s', `${text.length}`, '-a', attributes)
    const writing = tool('tpm2_nvwrite', INDEX, '-C', 'o', '-i', '-')
    writing.child.stdin?.end(text)
    await writing
  })
}

/** What `writeTpm` wrote; its VM is off. */
export async function readTpm(state: string): Promise<string> {
  return withTpm(state, async (tool) => (await tool('tpm2_nvread', INDEX, '-C', 'o')).stdout)
}

type Tool = (program: string, ...words: string[]) => PromiseWithChild<{ stdout: string }>

const run = promisify(execFile)

async function withTpm<T>(state: string, work: (tool: Tool) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-tpm-'))
  const socket = path.join(folder, 'tpm')
  const swtpm = spawn(
    'swtpm',
    [
      ...[
        'socket',
        '--tpm2',
        '--tpmstate',
        `dir=${state}`,
        '--flags',
        'not-need-init,startup-clear',
      ],
      ...['--server', `type=unixio,path=${socket}`, '--ctrl', `type=unixio,path=${socket}.ctrl`],
    ],
    { stdio: 'ignore' }, // it tells of every tool that comes and goes
  )
  const ended = once(swtpm, 'exit')
  try {
    const end = performance.now() + PATIENCE_MS
    while (!(await stat(`${socket}.ctrl`).catch(() => undefined))) {
      if (performance.now() > end) throw new Error('swtpm does not start')
      await wait(20)
    }
    return await work((program, ...words) => run(program, [...words, '-T', `swtpm:path=${socket}`]))
  } finally {
    swtpm.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
}
