import assert from 'node:assert/strict'
import test from 'node:test'
import { openWorkerPool, workerFile } from '../../core/chunk/worker-pool.ts'

const file = workerFile('dying-worker', import.meta.url)

test('tasks spread over the workers and answer by themselves', async () => {
  const pool = openWorkerPool(file, 2)
  const replies = await Promise.all(['a', 'b', 'c', 'd'].map((task) => pool.run(task)))
  assert.deepEqual(replies, ['a', 'b', 'c', 'd'])
  await pool.close()
})

test('a failure carries code and details', async () => {
  const pool = openWorkerPool(file, 1)
  await assert.rejects(pool.run('fail'), { code: 'chunk-damaged', details: { at: 5 } })
  assert.equal(await pool.run('next'), 'next')
  await pool.close()
})

test('a worker that ends fails its tasks, and another takes its place', async () => {
  const pool = openWorkerPool(file, 1)
  for (const end of ['exit', 'throw later']) {
    const results = await Promise.allSettled([pool.run('first'), pool.run(end), pool.run('exit')])
    assert.equal(results[0].status, 'fulfilled')
    assert.equal(results[2].status, 'rejected')
    assert.equal(await pool.run('alive'), 'alive')
  }
  await pool.close()
})

test('closing fails what still runs, and what comes later', async () => {
  const pool = openWorkerPool(file, 1)
  const running = pool.run('forever')
  const waiting = pool.run('never')
  for (const task of [running, waiting]) task.catch(() => {})
  await pool.close()
  await assert.rejects(running, { code: 'internal' })
  await assert.rejects(waiting, { code: 'internal' })
  await assert.rejects(pool.run('late'), { code: 'internal' })
})

test('what cannot be sent to a worker fails that call alone', async () => {
  const pool = openWorkerPool(file, 1)
  await assert.rejects(pool.run(() => 'a function'))
  assert.equal(await pool.run('fine'), 'fine')
  await pool.close()
})
