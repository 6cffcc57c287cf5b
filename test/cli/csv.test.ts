import assert from 'node:assert/strict'
import test from 'node:test'
import { toCsv } from '../../core/model/csv.ts'

test('cells with commas, quotes and lines stay one cell, and nothing is computed', () => {
  const rows = [
    ['a,b', 'say "x"', 'two\nlines', 7, true],
    ['=1+1', '-x', '@y', -7, null],
  ]
  assert.equal(toCsv(rows), `"a,b","say ""x""","two\nlines",7,true\r\n'=1+1,'-x,'@y,-7,\r\n`)
})
