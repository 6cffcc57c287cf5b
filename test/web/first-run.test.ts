import assert from 'node:assert/strict'
import test from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { barriers } from './browser.ts'
import { openConsole } from './console-scene.ts'

/** Of what a browser loads before it shows the first page, compressed. */
const FIRST_LOAD_BYTES = 300_000

test('first run', async (t) => {
  const console = await openConsole(t)
  if (!console) return
  const { page, problems } = await console.signedIn()
  assert.deepEqual(await barriers(page), [])
  const loaded = await sizesOf(page)
  const sum = loaded.reduce((sum, { bytes }) => sum + bytes, 0)
  assert.ok(loaded.length > 5 && sum <= FIRST_LOAD_BYTES, JSON.stringify(loaded))
  assert.deepEqual(problems, [])
})

interface Loaded {
  readonly name: string
  readonly bytes: number
}

/** Fonts are compressed already; everything else comes with brotli. */
async function sizesOf(page: Page): Promise<readonly Loaded[]> {
  const names = await page.evaluate<readonly string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => name)`,
  )
  const assets = names.filter((name) => name.includes('/assets/'))
  return Promise.all(
    assets.map(async (name) => {
      const content = Buffer.from(await (await fetch(name)).arrayBuffer())
      return { name, bytes: Math.min(content.length, brotliCompressSync(content).length) }
    }),
  )
}
