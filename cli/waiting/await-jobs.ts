import { type HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import type { Context } from '../context.ts'
import { ProgressBoard } from '../output/progress-board.ts'
import type { Job } from '../reply.ts'
import { awaitJob, jobFailure } from './await-job.ts'

export interface Waited {
  /** The job as it ended; absent when nobody waited that long, or could not. */
  readonly job?: Job | undefined
  readonly failure?: HoldfastError | undefined
}

export interface WaitedJobs {
  readonly byId: ReadonlyMap<string, Waited>
  /** ^C: the jobs go on without us. */
  readonly detached: boolean
}

/** Follows all of these at once, showing how far they are. ^C stops following, not the jobs. */
export async function awaitJobs(
  client: Pick<OperatorClient, 'watchJob'>,
  ids: readonly string[],
  context: Context,
): Promise<WaitedJobs> {
  const { clock, terminal } = context
  const leaving = new AbortController()
  const stopListening = terminal.onInterrupt(() => leaving.abort())
  const board = new ProgressBoard(terminal, clock)
  const follow = async (id: string): Promise<[string, Waited]> => {
    try {
      const job = await awaitJob(client, id, clock, leaving.signal, (now) => board.show(now))
      return [id, { job, failure: job && jobFailure(job) }]
    } catch (error) {
      return [id, { failure: toHoldfastError(error) }]
    }
  }
  const ended = await Promise.all(ids.map(follow))
  board.close()
  stopListening()
  return { byId: new Map(ended), detached: leaving.signal.aborted }
}

/** One job, awaited; throws what it failed with. Undefined after ^C, which is said. */
export async function awaitOne(
  client: Pick<OperatorClient, 'watchJob'>,
  started: Job,
  context: Context,
): Promise<Waited> {
  const { byId, detached } = await awaitJobs(client, [started.id], context)
  if (detached) context.terminal.err(detachedText([started.id]))
  return byId.get(started.id) ?? {}
}

export function detachedText(ids: readonly string[]): string {
  const lines = ids.map(
    (id) => `${id}: \`holdfast job watch ${id}\`, \`holdfast job cancel ${id}\`\n`,
  )
  return `no longer waiting; what was started goes on:\n${lines.join('')}`
}
