import assert from 'node:assert/strict'
import test from 'node:test'
import { jobFailure } from '../../cli/waiting/await-job.ts'
import { awaitJobs, awaitOne } from '../../cli/waiting/await-jobs.ts'
import { progressLine } from '../../cli/output/progress-board.ts'
import type { Job } from '../../cli/reply.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { contextOf, PlannedClock, PlannedTerminal } from './harness.ts'
import { jobOf, pointOf } from './jobs.ts'

type Step = Partial<Job> | Error | 'end' | 'silence'

/** Streams of job states as planned: one list a call of watchJob. */
function watching(...streams: Step[][]) {
  return {
    calls: 0,
    async *watchJob(
      { job: id }: { job?: string | null | undefined },
      { signal }: { signal?: AbortSignal | undefined } = {},
    ) {
      this.calls++
      for (const step of streams.shift() ?? []) {
        if (step === 'end') return
        if (step === 'silence') await new Promise((_, reject) => onAbort(signal, reject))
        else if (step instanceof Error) throw step
        else if (typeof step !== 'string') yield jobOf({ id: id ?? '', ...step })
      }
    },
  }
}

function onAbort(signal: AbortSignal | undefined, reject: (reason: unknown) => void): void {
  signal?.addEventListener('abort', () => reject(signal.reason))
}

const done = (percent: number): Partial<Job> => ({
  progress: {
    doneBytes: percent * 2 ** 20,
    totalBytes: 100 * 2 ** 20,
    bytesPerSecond: 10 * 2 ** 20,
  },
})
const outage = new HoldfastError('server-unreachable', 'the connection broke')

test('a job is followed to its end, also over a restart of the server', async () => {
  const client = watching([done(10), outage], [outage], ['end'], [done(80), { state: 'completed' }])
  const terminal = new PlannedTerminal()
  const { job, failure } = await awaitOne(client, jobOf({ id: 'j-7' }), contextOf(terminal))
  assert.equal(job?.state, 'completed')
  assert.equal(job.id, 'j-7')
  assert.equal(failure, undefined)
  assert.equal(client.calls, 4)
})

test('waiting ends when the server stays away, and says how to go on', async () => {
  const client = { watchJob: () => watching([outage]).watchJob({}) }
  const { job, failure } = await awaitOne(
    client,
    jobOf({ id: 'j-7' }),
    contextOf(new PlannedTerminal()),
  )
  assert.equal(job, undefined)
  assert.equal(failure?.code, 'server-unreachable')
  assert.match(failure?.hint ?? '', /holdfast job watch j-7/)
})

test('any other error ends waiting at once', async () => {
  const client = watching([new HoldfastError('not-found', 'no job j-7')])
  const { failure } = await awaitOne(client, jobOf({ id: 'j-7' }), contextOf(new PlannedTerminal()))
  assert.equal(failure?.code, 'not-found')
  assert.equal(client.calls, 1)
})

test('one of several fails: the others are waited for', async () => {
  const client = watching(
    [{ state: 'completed' }],
    [{ state: 'failed', error: { code: 'store-full', message: 'full', hint: null } }],
  )
  const { byId, detached } = await awaitJobs(
    client,
    ['j-1', 'j-2'],
    contextOf(new PlannedTerminal()),
  )
  assert.equal(detached, false)
  assert.equal(byId.get('j-1')?.failure, undefined)
  assert.equal(byId.get('j-2')?.failure?.code, 'store-full')
})

test('^C stops waiting, not the job, and says how to watch and cancel it', async () => {
  const client = watching([done(10), 'silence'])
  const terminal = new PlannedTerminal()
  const waiting = awaitOne(client, jobOf({ id: 'j-7' }), contextOf(terminal))
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(terminal.interrupt(), 1)
  assert.deepEqual(await waiting, { job: undefined, failure: undefined })
  assert.match(terminal.said, /goes on/)
  assert.match(terminal.said, /holdfast job cancel j-7/)
  assert.equal(terminal.interrupt(), 0) // the next ^C ends the process
})

test('how a job ended: what was lost is never a success', () => {
  assert.equal(jobFailure(jobOf({ state: 'completed' })), undefined)
  assert.equal(jobFailure(jobOf({ state: 'completed-with-warnings', warnings: ['x'] })), undefined)
  assert.equal(jobFailure(jobOf({ state: 'cancelled' }))?.code, 'job-cancelled')
  assert.equal(jobFailure(jobOf({ state: 'skipped' }))?.code, 'internal')
  const partial = jobOf({ state: 'completed-with-warnings', point: pointOf({ state: 'partial' }) })
  assert.equal(jobFailure(partial)?.code, 'source-unreadable')
})

test('progress without a terminal: a line at each state and every few seconds', async () => {
  const clock = new PlannedClock()
  const terminal = new PlannedTerminal()
  const client = {
    async *watchJob() {
      yield jobOf({ state: 'queued' })
      for (let percent = 1; percent <= 20; percent++) {
        clock.ms += 1000
        yield jobOf(done(percent))
      }
      yield jobOf({ state: 'completed', ...done(100) })
    },
  }
  await awaitOne(client, jobOf(), contextOf(terminal, { clock }))
  const lines = terminal.said.trim().split('\n')
  assert.equal(lines.length, 1 + 4 + 1)
  assert.match(lines[1] ?? '', /running {2}1 % {2}1\.00 MiB of 100 MiB {2}10\.0 MiB\/s {2}10s left/)
})

test('progress on a terminal is painted over itself and never wraps', async () => {
  const clock = new PlannedClock()
  const terminal = new PlannedTerminal({ isLive: true })
  const source = `alpha/${'x'.repeat(200)}`
  const client = {
    async *watchJob() {
      for (let percent = 0; percent <= 100; percent += 10) {
        clock.ms += 50
        yield jobOf({ source, ...done(percent), state: percent === 100 ? 'completed' : 'running' })
      }
    },
  }
  await awaitOne(client, jobOf(), contextOf(terminal, { clock }))
  const lines = terminal.said.split('\n').filter(Boolean)
  assert.ok(lines.length < 8)
  assert.ok(lines[0]?.startsWith('\r\u001b[2K'))
  assert.ok(lines[1]?.startsWith('\u001b[1A\r\u001b[2K'))
  for (const line of lines) assert.ok(line.replace(/\r|\u001b\[\d?[AK]/g, '').length < 100)
})

test('a rate or a size that is not known is not shown', () => {
  assert.equal(progressLine(jobOf()), 'alpha/web.raw  recovery-point  running')
  const known = { doneBytes: 1, totalBytes: 4, bytesPerSecond: 0 }
  assert.match(progressLine(jobOf({ progress: known })), /25 % {2}1 B of 4 B$/)
})
