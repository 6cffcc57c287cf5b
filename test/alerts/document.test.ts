import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import { ALERT_TYPES } from '../../core/model/alert-type.ts'

test('docs/operations.md tells of every type of alert, and of no other', async () => {
  const url = new URL('../../docs/operations.md', import.meta.url)
  const text = await readFile(url, 'utf8')
  const table = /<!-- alerts -->\n([^]*)<!-- end of alerts -->/.exec(text)?.[1] ?? ''
  const rows = table.split('\n').slice(2, -1)
  const told = rows.flatMap((row) => row.split('|')[1]?.match(/[a-z-]{4,}/g) ?? [])
  assert.deepEqual(told.sort(), [...ALERT_TYPES].sort())
})
