import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import test from 'node:test'
import { exitStatus } from '../../cli/failure.ts'
import { ERROR_CODES, isErrorCode } from '../../core/model/error.ts'
import { ROOT } from './harness.ts'

const document = await readFile(path.join(ROOT, 'docs/errors.md'), 'utf8')
const sections = document.split(/^### /m).slice(1)
const codeOf = (section: string) => /^`([a-z-]+)`/.exec(section)?.[1] ?? section.slice(0, 40)

test('docs/errors.md has each code once, and no other', () => {
  assert.deepEqual(sections.map(codeOf).sort(), Object.keys(ERROR_CODES).sort())
})

test('kind and exit status of each code are as the document says', () => {
  for (const section of sections) {
    const code = codeOf(section)
    assert.ok(isErrorCode(code))
    const [, kind, said] = /\((\w+), exit status ([\w ]+)\)/.exec(section) ?? []
    assert.equal(kind, ERROR_CODES[code], code)
    const found = [...new Set([exitStatus(code, false), exitStatus(code, true)])].join(' or ')
    assert.equal(said, found, code)
  }
})

test('each code has a cause and a remedy', () => {
  for (const section of sections) {
    assert.match(section, /^- Cause: .{20,}\.$/m, codeOf(section))
    assert.match(section, /^- Remedy: .{20,}[.]$/m, codeOf(section))
  }
})
