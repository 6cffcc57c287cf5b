import assert from 'node:assert/strict'
import test from 'node:test'
import { openServiceManager } from '../../core/runtime/service-manager.ts'

test('systemd is told ready, alive within its limit, and stopping', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const said: string[] = []
  const env = {
    NOTIFY_SOCKET: '/run/x',
    WATCHDOG_USEC: '120000000',
    WATCHDOG_PID: String(process.pid),
  }
  const manager = openServiceManager(env, ([first = '']) => said.push(first))
  t.mock.timers.tick(200_000)
  assert.deepEqual(said, [])
  manager.ready()
  t.mock.timers.tick(119_000)
  assert.deepEqual(said, ['--ready', 'WATCHDOG=1'])
  manager.stopping()
  t.mock.timers.tick(500_000)
  assert.deepEqual(said, ['--ready', 'WATCHDOG=1', '--stopping'])
})

test('nobody is told anything where nobody asked', () => {
  const said: string[] = []
  const manager = openServiceManager({}, ([first = '']) => said.push(first))
  manager.ready()
  manager.stopping()
  assert.deepEqual(said, [])
})

test('the limit of another process is not ours', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const said: string[] = []
  const env = { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '1000000', WATCHDOG_PID: '1' }
  openServiceManager(env, ([first = '']) => said.push(first)).ready()
  t.mock.timers.tick(10_000)
  assert.deepEqual(said, ['--ready'])
})
