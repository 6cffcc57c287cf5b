import test from 'node:test'
import { byCommand, runUnattended } from './unattended.ts'

test('a group runs unattended over some days with faults, and ends with what its rules say', async (t) => {
  await runUnattended(t, { days: 4, seed: 'some days', make: byCommand })
})
