import assert from 'node:assert/strict'
import test from 'node:test'
import { barriers } from './browser.ts'
import { openConsole } from './console-scene.ts'

test('first run', async (t) => {
  const console = await openConsole(t)
  if (!console) return
  const { page, problems } = await console.signedIn()
  assert.deepEqual(await barriers(page), [])
  assert.deepEqual(problems, [])
})
