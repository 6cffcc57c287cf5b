import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { HoldfastError } from '../../core/model/error.ts'
import type { VmDeclaration } from './vm-file.ts'

const ANSWER_MS = 30_000

/** A standby replica is taken only between two rounds of its replication, and when that is healthy. */
export async function requireSettledReplica(
  { name, replicationStatus }: VmDeclaration,
  signal?: AbortSignal,
): Promise<void> {
  if (replicationStatus === undefined) return
  const [program = '', ...args] =
    typeof replicationStatus === 'string' ? ['sh', '-c', replicationStatus] : replicationStatus
  try {
    await promisify(execFile)(program, args, { timeout: ANSWER_MS, signal })
  } catch (cause) {
    signal?.throwIfAborted()
    const { stderr = '', stdout = '', message } = cause as Error & Partial<Record<string, string>>
    const said = (stderr || stdout || message).trim().split('\n').at(-1) ?? ''
    throw new HoldfastError('vm-busy', `the replication of ${name} is not settled: ${said}`, {
      hint: 'It is tried again; look at the replication if it stays so.',
      cause,
    })
  }
}
