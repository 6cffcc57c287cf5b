import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { nameText, parseGlob } from '../../core/filesystem/browse/glob.ts'

function fits(pattern: string, path: string, ignoreCase = false): boolean {
  const names = path.split('/').map((name) => nameText(Buffer.from(name), ignoreCase))
  return parseGlob(Buffer.from(pattern), ignoreCase).matches(names)
}

test('what a pattern fits, and what it does not', () => {
  const cases: [pattern: string, path: string, isFit: boolean][] = [
    ['fstab', 'fstab', true],
    ['fstab', 'etc/fstab', true],
    ['fstab', 'etc/fstab2', false],
    ['fs*', 'a/b/c/fstab', true],
    ['*', 'a', true],
    ['*.txt', 'a/b.txt', true],
    ['*.txt', 'a.txt/b', false],
    ['?', '☃', true],
    ['?', 'ab', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[]x]', ']', true],
    ['[ab', '[ab', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['/etc/fstab', 'etc/fstab', true],
    ['/etc/fstab', 'srv/etc/fstab', false],
    ['etc/fstab', 'srv/etc/fstab', true],
    ['/home/*/.ssh', 'home/ann/.ssh', true],
    ['/home/*/.ssh', 'home/ann/b/.ssh', false],
    ['/home/**/.ssh', 'home/ann/b/.ssh', true],
    ['/home/**', 'home/ann/b', true],
    ['/**/x', 'x', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
  ]
  for (const [pattern, path, isFit] of cases)
    assert.equal(fits(pattern, path), isFit, `${pattern} ${path}`)
  assert.equal(fits('REPORT*', 'a/Report 1', true), true)
  assert.equal(fits('REPORT*', 'a/Report 1'), false)
  assert.equal(fits('ÄÖ', 'äö', true), true)
  assert.throws(() => parseGlob(Buffer.alloc(0), false), { code: 'invalid-argument' })
})

test('a name is found by itself, and by what it begins and ends with; no pattern takes long', () => {
  const escape = (text: string) => text.replaceAll(/[*?[\]\\]/g, '\\$&')
  const name = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => !text.includes('/'))
  fc.assert(
    fc.property(name, fc.nat(40), (text, cut) => {
      const letters = Array.from(text)
      const [head, tail] = [letters.slice(0, cut).join(''), letters.slice(cut).join('')]
      return (
        text === '**' || (fits(escape(text), text) && fits(`${escape(head)}*${escape(tail)}`, text))
      )
    }),
  )
  const long = 'a'.repeat(200)
  assert.equal(fits(`${'*a'.repeat(60)}b`, long), false)
  assert.equal(fits(`/${'**/'.repeat(40)}b`, Array(200).fill('a').join('/')), false)
})
