import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { Child } from '../support/child.ts'
import { makeExt, makeTree, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { Scene } from '../support/scene.ts'

const run = promisify(execFile)

interface Listed {
  readonly name: string
  readonly encoded: boolean
  readonly type: string
  readonly sizeBytes: number
  readonly modifiedAt: string | null
  readonly mode: number | null
}

/** All but the file above 4 GiB, whose end is enough: comparing zeros takes long. */
async function requireSame(tree: string, target: string): Promise<void> {
  await tool('diff', '-r', '--no-dereference', '-x', 'huge', tree, target)
  const [was, is] = [await lastBytes(join(tree, 'huge')), await lastBytes(join(target, 'huge'))]
  assert.ok(was.some((byte) => byte !== 0))
  assert.ok(is.equals(was))
  const { size, blocks } = await stat(join(target, 'huge'))
  assert.equal(size, (await stat(join(tree, 'huge'))).size)
  assert.ok(blocks * 512 < 2 ** 20, 'holes stay holes')
}

async function lastBytes(path: string): Promise<Buffer> {
  const handle = await open(path)
  const { size } = await handle.stat()
  const { buffer } = await handle.read(Buffer.alloc(20_000), 0, 20_000, size - 20_000)
  await handle.close()
  return buffer
}

test('files come out of a point as they went in', async (t) => {
  const folder = await temporaryFolder(t)
  const tree = join(folder, 'tree')
  await mkdir(tree)
  await makeTree(tree, { wide: 600, depth: 12 })
  const scene = await Scene.open(t)
  await makeExt(scene.image('disk.raw'), 'ext4', tree)
  const { holdfast } = scene
  await holdfast.source('alpha/disk.raw')
  const { id } = await scene.point('alpha/disk.raw')

  await t.test('list has every entry with its size, time and mode', async () => {
    const listed = (await holdfast.ok<Listed[]>('files', 'list', id, '/')).json
    const names = await readdir(Buffer.from(tree), { encoding: 'buffer' })
    assert.equal(listed.length, names.length + 1) // lost+found
    const small = listed.find(({ name }) => name === 'small')
    const status = await stat(join(tree, 'small'))
    assert.equal(small?.type, 'file')
    assert.equal(small.sizeBytes, 100)
    assert.equal(small.mode, status.mode & 0o7777)
    assert.equal(small.modifiedAt, status.mtime.toISOString())
    const odd = listed.find(({ encoded }) => encoded)
    assert.equal(odd?.name, 'n%FF%FE%80%0A')
    const wide = (await holdfast.ok<Listed[]>('files', 'list', id, '/wide')).json
    assert.equal(wide.length, 600)
    const [one] = (await holdfast.ok<Listed[]>('files', 'list', id, 'disk.raw:/small')).json
    assert.equal(one?.sizeBytes, 100)
  })

  await t.test('get to standard output', async () => {
    const operator = holdfast.path('server', 'operator.json')
    const args = ['files', 'get', id, '/odd', '-o', '-', '--operator', operator]
    const copy = holdfast.path('odd')
    await run('sh', [
      '-c',
      '"$@" > "$0"',
      copy,
      join(import.meta.dirname, '../../bin/holdfast'),
      ...args,
    ])
    assert.ok((await readFile(copy)).equals(await readFile(join(tree, 'odd'))))
  })

  await t.test('get of one file keeps its time; it is not written over another', async () => {
    const copy = holdfast.path('copy')
    const got = await holdfast.ok<{ files: number }>('files', 'get', id, '/small', '-o', copy)
    assert.equal(got.json.files, 1)
    assert.ok((await readFile(copy)).equals(await readFile(join(tree, 'small'))))
    const timeOf = async (path: string) => Math.round((await stat(path)).mtimeMs)
    assert.equal(await timeOf(copy), await timeOf(join(tree, 'small')))
    const again = await holdfast.run<{ error: { code: string } }>(
      'files',
      'get',
      id,
      '/small',
      '-o',
      copy,
    )
    assert.equal(again.status, 1)
    assert.equal(again.json.error.code, 'target-exists')
  })

  await t.test('get of a tree to a folder', async () => {
    const target = holdfast.path('back')
    await holdfast.ok('files', 'get', id, '/', '-o', `${target}/`)
    await rm(join(target, 'lost+found'), { recursive: true })
    await requireSame(tree, target)
    assert.equal(
      (await stat(join(target, 'odd'))).ino,
      (await stat(join(target, 'hard link of odd'))).ino,
    )
    assert.equal(await readlink(join(target, 'link to nothing')), '../../../../etc/passwd')
  })

  await t.test('get as a tar', async () => {
    const archive = holdfast.path('all.tar')
    await holdfast.ok('files', 'get', id, '/', '-o', archive, '--archive', 'tar')
    const target = holdfast.path('untarred')
    await mkdir(target)
    await tool('tar', '-xf', archive, '-C', target)
    await rm(join(target, 'lost+found'), { recursive: true })
    await requireSame(tree, target)
    assert.ok((await stat(archive)).size < 40 * 2 ** 20, 'holes take no space')
    const [was, is] = [await stat(join(tree, 'small')), await stat(join(target, 'small'))]
    assert.equal(is.mtimeMs, was.mtimeMs)
  })

  await t.test('nothing is written through a link, and the others come all the same', async () => {
    const target = holdfast.path('trap')
    await mkdir(target)
    await mkdir(holdfast.path('outside'))
    await symlink(holdfast.path('outside'), join(target, 'wide'))
    const got = await holdfast.run<{ failed: { path: string; error: { code: string } }[] }>(
      ...['files', 'get', id, '/small', '/wide', '/one byte', '-o', target],
    )
    assert.equal(got.status, 1)
    assert.equal(got.json.failed[0]?.error.code, 'target-exists')
    assert.deepEqual(await readdir(holdfast.path('outside')), [])
    assert.ok((await lstat(join(target, 'wide'))).isSymbolicLink())
    assert.equal(await readFile(join(target, 'one byte'), 'latin1'), 'x')
  })

  await t.test('what is not there is said', async () => {
    const lost = await holdfast.run<{ error: { code: string } }>('files', 'list', id, '/no/such')
    assert.equal(lost.status, 1)
    assert.equal(lost.json.error.code, 'path-not-found')
    const none = holdfast.path('none')
    const gone = await holdfast.run<{ error: { code: string } }>(
      'files',
      'get',
      id,
      '/no',
      '-o',
      none,
    )
    assert.equal(gone.json.error.code, 'path-not-found')
    await assert.rejects(stat(none), { code: 'ENOENT' })
    const odd = ['files', 'get', id, '/n%FF%FE%80%0A', '--encoded', '-o', holdfast.path('odd name')]
    await holdfast.ok(...odd)
    assert.equal(await readFile(holdfast.path('odd name'), 'latin1'), 'no UTF-8')
    const child = new Child(
      [
        'files',
        'get',
        id,
        '/a',
        '/b',
        '-o',
        '-',
        '--operator',
        holdfast.path('server', 'operator.json'),
      ],
      {},
    )
    assert.equal((await child.end()).status, 2)
  })
})
