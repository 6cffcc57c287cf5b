import type { Job__Output } from '../../../core/wire/generated/holdfast/v1/Job.ts'
import { ENDED_JOB_STATES, type JobState } from '../../../core/model/state.ts'
import { getJob, JOB_COLUMNS, listJobs } from '../../catalog/jobs-view.ts'
import { getGroup } from '../../catalog/groups.ts'
import { resolvePoint, resolveSource } from '../../catalog/names.ts'
import { requireWritable } from '../../flows/server-mode.ts'
import { ASKED_PRIORITY, type NewJob } from '../../catalog/job-requests.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import { requireOneOf, requireTime } from './arguments.ts'
import { askedAgain } from './asked-again.ts'
import type { OperatorDeps } from './deps.ts'
import { toJobs } from './job-shape.ts'
import { orderOf } from './order.ts'

type JobHandlers = Pick<
  OperatorHandlers,
  'listJobs' | 'getJob' | 'watchJob' | 'cancelJob' | 'startVerify' | 'startCollect' | 'startCompact'
>

const STATES: readonly JobState[] = ['queued', 'running', ...ENDED_JOB_STATES]

export function jobHandlers(deps: OperatorDeps): JobHandlers {
  const { database, queue, mode } = deps
  const shown = async (id: string) => {
    const job = await getJob(database, id)
    const [told] = await toJobs(database, [job])
    return { ...told!, ...askedAgain(job) }
  }
  const started = async (job: NewJob) => shown(await queue.enqueue(job))
  const asked = (name: string) => ({ requestedBy: name, priority: ASKED_PRIORITY })
  return {
    listJobs: async (request, { sees }) => {
      const { state, source, group, kind, since, limit } = request
      const jobs = await listJobs(database, {
        state: state ? requireOneOf('a state', state, STATES) : undefined,
        dataSource: source ? await resolveSource(database, source) : undefined,
        group: group ? (await getGroup(database, group)).id : undefined,
        kind: kind || undefined,
        since: requireTime('since', since),
        order: orderOf(request, JOB_COLUMNS, 'queued'),
        within: sees?.sources,
        limit,
      })
      return { jobs: await toJobs(database, jobs) }
    },
    getJob: ({ job }) => shown(job),
    watchJob: ({ job }, _caller, signal) => watch(deps, job, () => shown(job), signal),
    cancelJob: async ({ job }, caller) => {
      await queue.cancel(job, `cancelled by ${caller.name}`, caller.name)
      return shown(job)
    },
    startVerify: async ({ points, all }, caller) => {
      if (all === points.length > 0)
        throw new HoldfastError(
          'invalid-argument',
          'verify either some points or all that is stored',
        )
      const ids = []
      for (const point of points) ids.push(await resolvePoint(database, point))
      const request = { points: [...new Set(ids)], all }
      return started({ kind: 'verification', request, ...asked(caller.name) })
    },
    startCollect: async (_, caller) => {
      requireWritable(mode)
      return started({ kind: 'collection', request: {}, ...asked(caller.name) })
    },
    startCompact: async (_, caller) => {
      requireWritable(mode)
      return started({ kind: 'compaction', request: {}, ...asked(caller.name) })
    },
  }
}

const LOOK_MS = 250

/** The job now, and whenever it has changed; any server of the catalog can tell. Its end here is known at once. */
async function* watch(
  { clock, news }: OperatorDeps,
  id: string,
  read: () => Promise<Job__Output>,
  signal: AbortSignal,
): AsyncGenerator<Job__Output> {
  let last = ''
  while (!signal.aborted) {
    const { told, forget } = news.listen(id)
    try {
      const job = await read()
      const text = JSON.stringify(job)
      if (text !== last) yield job
      last = text
      if ((ENDED_JOB_STATES as readonly string[]).includes(job.state)) return
      // Ends early when nobody watches any more.
      await clock.sleep(LOOK_MS, AbortSignal.any([signal, told])).catch(() => {})
    } finally {
      forget()
    }
  }
}
