import assert from 'node:assert/strict'
import test from 'node:test'
import { addSample } from '../operator/service.ts'
import { serve } from './served.ts'

test('a report is a document, and tables for a spreadsheet', async (t) => {
  const { ask, rows } = await serve(t)
  const { host } = await addSample(rows)
  await rows.source(host, '=cmd|"x", y')
  const document = await ask<{ sources: { source: string }[] }>('GET', '/reports/week')
  assert.equal(document.json.sources.length, 2)
  const csv = await ask('GET', '/reports/week?format=csv')
  assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/)
  assert.match(csv.headers.get('content-disposition') ?? '', /holdfast-week-[\d-]+\.csv/)
  const lines = csv.text.split('\r\n')
  assert.equal(lines[0], 'table,period,since,until')
  assert.ok(lines.some((line) => line.startsWith('source,alpha/web.raw,,')))
  assert.ok(lines.some((line) => line.startsWith('source,"alpha/=cmd|""x"", y",')))
  assert.equal((await ask('GET', '/reports/week?format=pdf')).status, 400)
  assert.equal((await ask('GET', '/reports/year')).json.error.code, 'invalid-argument')
})
