import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'

const root = join(import.meta.dirname, '..')
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n')
const pages = tracked.filter((file) => file.endsWith('.md'))
const text = (file: string) => readFileSync(join(root, file), 'utf8')

/** Folders of the product: what a page names below them must exist. */
const FOLDERS = [
  'agent',
  'bench',
  'bin',
  'cli',
  'core',
  'docs',
  'proto',
  'scripts',
  'server',
  'web',
  'test',
]

test('links between pages lead somewhere', () => {
  for (const page of pages)
    for (const [, link = ''] of text(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(link)) continue
      assert.ok(existsSync(join(root, dirname(page), link)), `${page} links to ${link}`)
    }
})

test('files that pages name exist', () => {
  for (const page of pages)
    for (const [, name = ''] of text(page).matchAll(
      /`([a-z]+\/[\w./-]+\.(?:ts|sql|proto|md|sh))`/g,
    )) {
      if (!FOLDERS.includes(name.split('/')[0] ?? '')) continue
      assert.ok(existsSync(join(root, name)), `${page} names ${name}`)
    }
})

test('ARCHITECTURE.md has every folder of the product', () => {
  const map = text('ARCHITECTURE.md')
  const folders = tracked.flatMap((file) => /^(?:core|agent|server)\/[a-z]+(?=\/)/.exec(file) ?? [])
  for (const folder of new Set(folders)) assert.ok(map.includes(`\`${folder}\``), folder)
})

test('no page cites line numbers, and none is empty', () => {
  for (const page of pages) {
    assert.doesNotMatch(text(page), /\.ts:\d+/, page)
    assert.ok(text(page).trim().length > 100, page)
  }
})

test('compiler output is not among the sources', () => {
  const stray = tracked.filter((file) =>
    /^(agent|cli|core|server)\/.*\.(js|d\.ts|js\.map)$/.test(file),
  )
  assert.deepEqual(stray, [])
})
