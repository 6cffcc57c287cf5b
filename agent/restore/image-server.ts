import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { NbdClient } from '../../core/nbd/client.ts'
import { startInFolder, toolPath, type RunningTool } from './image-tool.ts'
import type { FilePlace } from './restore-plan.ts'

export interface ImageServer {
  readonly client: NbdClient
  /** Resolves when the tool has closed the image after the client went, rejects when it failed. */
  readonly ended: Promise<void>
  /** Ends the tool at once and waits until it is gone. */
  kill(): Promise<void>
}

const POLL_MS = 10
const START_MS = 20_000
const END_MS = 2000

/**
 * Serves an image to us alone, for writing. The tool ends by itself when the connection does, so
 * it does not outlive a killed agent; the socket's name is gone as soon as we are connected.
 */
export async function serveForWriting(
  { folder, temporary, format }: Pick<FilePlace, 'folder' | 'temporary' | 'format'>,
  signal: AbortSignal,
): Promise<ImageServer> {
  const sockets = await mkdtemp(join(tmpdir(), 'holdfast-nbd-'))
  const socket = join(sockets, 'nbd')
  const args = ['--format', format.driver, '--cache', 'writeback', '--discard', 'unmap']
  const tool = startInFolder(
    'qemu-nbd',
    [...args, '--socket', socket, toolPath(temporary)],
    folder.fd,
    signal,
  )
  // Whoever waits for the end hears of a failure; nobody may, after a kill.
  tool.ended.catch(() => {})
  try {
    const client = await connect(socket, tool)
    return { client, ended: tool.ended, kill: () => kill(tool) }
  } catch (error) {
    await kill(tool)
    throw error
  } finally {
    await rm(sockets, { recursive: true, force: true })
  }
}

async function connect(socket: string, tool: RunningTool): Promise<NbdClient> {
  const failed = tool.ended.then(() => {
    throw new HoldfastError('tool-failed', 'qemu-nbd ended before anybody connected')
  })
  failed.catch(() => {})
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    try {
      return await Promise.race([NbdClient.connect({ path: socket }), failed])
    } catch (error) {
      // A tool that cannot open the image listens for a moment all the same: what it says counts.
      if (!isNotListening(error)) await Promise.race([failed, wait(END_MS)])
      if (tool.child.exitCode !== null || waitedMs >= START_MS || !isNotListening(error))
        throw error
    }
    await Promise.race([wait(POLL_MS), failed])
  }
}

function isNotListening(error: unknown): boolean {
  const cause = error instanceof HoldfastError ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ENOENT' || code === 'ECONNREFUSED'
}

async function kill(tool: RunningTool): Promise<void> {
  tool.child.kill('SIGKILL')
  await tool.ended.catch(() => {})
}
