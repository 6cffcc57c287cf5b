import test from 'node:test'
import { byFile, runUnattended } from './unattended.ts'

test('a group of a file runs unattended over a month with faults, and ends with what its rules say', async (t) => {
  await runUnattended(t, { days: 31, seed: 'a month', make: byFile })
})
