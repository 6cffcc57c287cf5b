import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate as soon } from 'node:timers/promises'
import { JobNews } from '../../server/jobs/job-news.ts'

test('whatever somebody calls a job, telling of it harms nobody', () => {
  new JobNews().tell('error')
})

test('who listens for the end of a job is told of it, and of no other', async () => {
  const news = new JobNews()
  const listeners = [news.listen('j-1'), news.listen('j-1'), news.listen('j-2')]
  const gone = news.listen('j-1')
  gone.forget()
  news.tell('j-1')
  await soon()
  assert.deepEqual(
    [...listeners, gone].map(({ told }) => told.aborted),
    [true, true, false, false],
  )
  for (const { forget } of listeners) forget()
  news.tell('j-2')
  await soon()
  assert.equal(listeners[2]?.told.aborted, false)
})
