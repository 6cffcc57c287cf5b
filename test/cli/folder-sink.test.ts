import assert from 'node:assert/strict'
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import type { FileHead } from '../../core/archive/file-sink.ts'
import { FolderSink } from '../../cli/files/folder-sink.ts'
import { OpenFolder } from '../../core/runtime/open-folder.ts'
import { receive, type FilePart } from '../../core/archive/receive.ts'
import { temporaryFolder } from '../support/images.ts'

type Short = readonly [path: string, type: string, content?: string, more?: Partial<FileHead>]

/** What a server that means harm might send. */
async function* parts(items: readonly Short[]): AsyncIterable<FilePart> {
  const none = { head: null, data: null, hole: null, failed: null, warnings: null }
  for (const [path, type, content = '', more = {}] of items) {
    const head: FileHead = {
      ...{ path: Buffer.from(path), type, sizeBytes: content.length, target: null, sameAs: null },
      ...{ index: 0, attributes: [], extents: [], status: null, ...more },
    }
    yield { ...none, head, part: 'head' } as unknown as FilePart
    if (content) yield { ...none, data: Buffer.from(content), part: 'data' } as unknown as FilePart
  }
}

async function write(
  t: TestContext,
  items: readonly Short[],
  prepare?: (f: string) => Promise<void>,
) {
  const folder = await temporaryFolder(t)
  const [target, outside] = [join(folder, 'target'), join(folder, 'outside')]
  await mkdir(target)
  await mkdir(outside)
  await prepare?.(folder)
  const sink = new FolderSink(await OpenFolder.at(target), false)
  return { target, outside, received: await receive(parts(items), sink) }
}

test('a link that was just made leads nowhere', async (t) => {
  const { outside, target, received } = await write(t, [
    ['trap', 'link', '', { target: Buffer.from('../outside') }],
    ['trap', 'folder'],
    ['trap/file', 'file', 'x'],
    ['good', 'file', 'y'],
  ])
  assert.deepEqual(await readdir(outside), [])
  assert.deepEqual(
    received.failed.map(({ error }) => error.code),
    ['target-exists', 'target-refused'],
  )
  assert.equal(await readFile(join(target, 'good'), 'latin1'), 'y')
})

test('paths that lead out, and hard links to the outside, are refused', async (t) => {
  const { outside, target, received } = await write(
    t,
    [
      ['../outside/a', 'file', 'x'],
      ['/tmp/holdfast-outside', 'file', 'x'],
      ['..', 'folder'],
      ['hard', 'file', '', { sameAs: Buffer.from('../outside/secret') }],
      ['by-link', 'file', '', { sameAs: Buffer.from('way/secret') }],
    ],
    async (folder) => {
      await writeFile(join(folder, 'outside/secret'), 'secret')
      await symlink('../outside', join(folder, 'target/way'))
    },
  )
  assert.equal(received.failed.length, 5)
  assert.deepEqual(await readdir(outside), ['secret'])
  assert.deepEqual(await readdir(target), ['way'])
})

test('what is there is not touched, what comes short is taken away', async (t) => {
  const { target, received } = await write(
    t,
    [
      ['there', 'file', 'new'],
      ['short', 'file', 'abc', { sizeBytes: 10 }],
      ['node', 'character-device'],
      ['whole', 'file', 'z'],
    ],
    (folder) => writeFile(join(folder, 'target/there'), 'old'),
  )
  assert.equal(await readFile(join(target, 'there'), 'latin1'), 'old')
  assert.deepEqual((await readdir(target)).sort(), ['there', 'whole'])
  assert.deepEqual(
    received.failed.map(({ error }) => error.code),
    ['target-exists', 'transfer-mismatch'],
  )
  assert.match(received.warnings.join(), /1 devices, pipes and sockets/)
  assert.ok((await lstat(join(target, 'whole'))).isFile())
})
