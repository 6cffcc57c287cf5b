import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'

const root = join(import.meta.dirname, '../..')

async function readTree(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    files.set(file.slice(folder.length), await readFile(file, 'utf8'))
  }
  return files
}

test('the committed types are those of the proto files', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-generated-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const script = join(root, 'scripts/generate-wire.ts')
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder])
  const [fresh, committed] = [
    await readTree(folder),
    await readTree(join(root, 'core/wire/generated')),
  ]
  assert.ok(fresh.size > 50)
  assert.deepEqual([...committed.keys()].sort(), [...fresh.keys()].sort(), 'run `npm run gen`')
  for (const [name, text] of fresh)
    assert.equal(committed.get(name), text, `${name}: run \`npm run gen\``)
})
