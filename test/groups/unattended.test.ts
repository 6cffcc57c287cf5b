import test from 'node:test'
import { runUnattended } from './unattended.ts'

test('a group runs unattended over some days with faults, and ends with what its rules say', async (t) => {
  await runUnattended(t, 4, 'some days')
})
