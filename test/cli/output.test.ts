import assert from 'node:assert/strict'
import test from 'node:test'
import { describeFailure, failureDocument } from '../../cli/failure.ts'
import { formatBytes, formatSeconds, formatTime } from '../../cli/output/format.ts'
import { pointTable, pointText } from '../../cli/output/point-text.ts'
import { printable, renderFields, renderTable } from '../../cli/output/table.ts'
import { transferTable } from '../../cli/output/transfer-table.ts'
import { jobDocument } from '../../cli/reply.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { jobOf, pointOf } from './jobs.ts'

test('columns are as wide as their widest cell, numbers to the right', () => {
  const table = renderTable(
    [
      { name: 'a', bytes: '5' },
      { name: 'longer', bytes: '1234' },
    ],
    [
      { title: 'NAME', value: (row) => row.name },
      { title: 'SIZE', value: (row) => row.bytes, align: 'right' },
    ],
  )
  assert.equal(table, 'NAME    SIZE\na          5\nlonger  1234\n')
  assert.equal(renderTable([], [{ title: 'X', value: String }], 'no point'), 'no point\n')
  assert.equal(
    renderFields([
      ['a', '1'],
      ['long', '2'],
    ]),
    'a:    1\nlong: 2\n',
  )
})

test('names from other machines cannot write on this terminal', () => {
  const name = 'x\u001b[2J\u0007\u009b31m\u202egnp.exe\ny'
  const shown = printable(name)
  assert.equal(shown, 'x\\u001b[2J\\u0007\\u009b31m\\u202egnp.exe\\u000ay')
  assert.ok(!pointTable([pointOf({ source: name, label: name })]).includes('\u001b'))
  assert.ok(!describeFailure(new HoldfastError('not-found', name)).includes('\u001b'))
})

test('bytes, times and seconds for people', () => {
  assert.deepEqual(
    [0, 1023, 1024, 1536, 10 * 2 ** 20, 500 * 2 ** 30, 2.5 * 2 ** 40].map(formatBytes),
    ['0 B', '1023 B', '1.00 KiB', '1.50 KiB', '10.0 MiB', '500 GiB', '2.50 TiB'],
  )
  assert.deepEqual([0, 59.6, 200, 3725].map(formatSeconds), ['0s', '1m 00s', '3m 20s', '1h 02m'])
  assert.equal(formatTime('2026-11-22T09:51:23.456Z'), '2026-11-22 09:51:23Z')
  assert.equal(formatTime(null), '-')
})

test('an error says what happened, what it came from and what to do', () => {
  const cause = new Error('write failed', { cause: new Error('ENOSPC') })
  const error = new HoldfastError('store-full', 'the store is full', {
    cause,
    hint: 'add a volume',
  })
  const text = 'error: the store is full\ncause: write failed\ncause: ENOSPC\nhint: add a volume\n'
  assert.equal(describeFailure(error), text)
  const document = { code: 'internal', message: 'oops', hint: null }
  assert.deepEqual(failureDocument(new Error('oops')), document)
})

test('a point shows what is known of it, and dashes elsewhere', () => {
  const disk = {
    name: 'web.raw',
    sizeBytes: 1 << 20,
    transferMode: 'compared',
    transferReason: 'no-tracker',
    format: 'raw',
    readChecksum: null,
    storedChecksum: null,
    unreadableBytes: null,
  }
  const text = pointText(pointOf({ disks: [disk], protected: true, label: 'before-upgrade' }))
  assert.match(text, /^label: +before-upgrade$/m)
  assert.match(text, /^verified: +-$/m)
  assert.match(text, /web\.raw +raw +1\.00 MiB +compared +no-tracker +0 B/)
  assert.match(pointTable([pointOf({ protected: true })]), /\[protected\]/)
})

test('after the first replica both checksums are compared and shown', () => {
  const checksum = 'ab'.repeat(32)
  const disk = (storedChecksum: string) => ({
    name: 'd',
    sizeBytes: 1,
    transferMode: 'initial',
    transferReason: null,
    format: null,
    readChecksum: checksum,
    storedChecksum,
    unreadableBytes: null,
  })
  const result = (stored: string) => ({
    entry: {
      source: 's',
      job: 'j-1',
      point: pointOf({ disks: [disk(stored)] }),
      error: null,
      warnings: [],
    },
    job: jobOf({ state: 'completed' }),
    failure: undefined,
  })
  assert.match(transferTable([result(checksum)]), /s d: read abab.*stored abab.*: equal/)
  assert.match(transferTable([result('cd'.repeat(32))]), /: DIFFERENT/)
})

test('a job that has not begun has numbers all the same', () => {
  const { progress } = jobDocument(jobOf({ progress: null }))
  assert.deepEqual(progress, { doneBytes: 0, totalBytes: 0, bytesPerSecond: 0 })
})
