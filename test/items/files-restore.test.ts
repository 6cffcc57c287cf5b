import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { link, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { bytesOf, makeExt, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { mounted } from '../support/mounted.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'

const run = promisify(execFile)

interface Restored {
  readonly job: string
  readonly folder: string
  readonly restored: number
  readonly skipped: number
  readonly failed: readonly { path: string; error: { code: string } }[]
  readonly lost: readonly string[]
  readonly error: { code: string } | null
}

/** Owners, modes, attributes, access lists, devices, links and holes, as a real system has them. */
async function makeGuest(tree: string): Promise<void> {
  await mkdir(join(tree, 'srv/data/deep/er'), { recursive: true })
  const put = (path: string, length: number) =>
    writeFile(join(tree, path), bytesOf(path, length), { mode: 0o640 })
  await put('srv/data/small', 100)
  await put('srv/data/large', 5 * 2 ** 20 + 13)
  await put('srv/data/empty', 0)
  await put('srv/data/deep/er/file', 4097)
  await writeFile(
    Buffer.concat([Buffer.from(`${tree}/srv/data/n`), Buffer.from([0xff, 0x0a])]),
    'x',
  )
  await link(join(tree, 'srv/data/large'), join(tree, 'srv/data/deep/other name of large'))
  await symlink('../../../../../../etc/passwd', join(tree, 'srv/data/link'))
  await run('truncate', ['-s', '64M', join(tree, 'srv/data/sparse')])
  await run('sh', ['-c', 'printf end >> "$0"', join(tree, 'srv/data/sparse')])
  await run('touch', ['-d', '2001-02-03 04:05:06.789', join(tree, 'srv/data/small')])
  await run('chown', ['1234:2345', join(tree, 'srv/data/small'), join(tree, 'srv/data/deep')])
  await run('chown', ['-h', '77:88', join(tree, 'srv/data/link')])
  await run('setfattr', ['-n', 'user.comment', '-v', 'kept = "yes"', join(tree, 'srv/data/small')])
  await run('setfacl', ['-m', 'u:4321:rw', join(tree, 'srv/data/large')])
  await run('setfacl', ['-d', '-m', 'g:99:rx', join(tree, 'srv/data/deep')])
  await run('sh', ['-c', 'cp /bin/true "$0" && chmod 4755 "$0"', join(tree, 'srv/data/suid')])
  await run('mknod', [join(tree, 'srv/data/null'), 'c', '1', '3'])
  await run('mkfifo', ['-m', '620', join(tree, 'srv/data/pipe')])
}

const attributesOf = (at: string) =>
  run('sh', [
    '-c',
    'cd "$0" && getfattr -R -h -m - -d . | sort && find . ! -type l -print0 | sort -z | xargs -0 getfacl -n',
    at,
  ])

test('files go onto a host as they were, and nowhere else', async (t) => {
  if (lacksRoot(t) || lacksTool(t, 'setfattr') || lacksTool(t, 'setfacl')) return
  const folder = await temporaryFolder(t)
  const seed = join(folder, 'seed')
  await mkdir(seed)
  const scene = await Scene.open(t, { hosts: ['alpha', 'beta'] })
  const image = scene.image('disk.raw')
  await makeExt(image, 'ext4', seed)
  const writable = await mounted(t, image)
  await makeGuest(writable.folder)
  await writable.unmount()
  const { folder: tree } = await mounted(t, image, 'ro,noload')
  const { holdfast } = scene
  await holdfast.source('alpha/disk.raw')
  const { id } = await scene.point('alpha/disk.raw')
  const restore = (paths: readonly string[], target: string, ...more: string[]) =>
    holdfast.run<Restored>('files', 'restore', id, ...paths, '--to', target, ...more)

  await t.test('owners, modes, times, attributes, access lists, holes and links', async () => {
    const target = scene.restoreFolder('beta')
    const answer = await restore(['/srv/data'], `beta:${target}`, '--special')
    assert.equal(answer.status, 0, answer.stderr + answer.stdout)
    assert.equal(answer.json.folder, target)
    const [was, is] = [join(tree, 'srv/data'), join(target, 'data')]
    await tool('diff', '-r', '--no-dereference', '-x', 'null', '-x', 'pipe', was, is)
    const list = (at: string) =>
      run('sh', [
        ...[
          '-c',
          `cd "$0" && find . -type d -printf '%P d %m %U %G %T@\\n' -o -printf '%P %y %m %U %G %T@ %s %l\\n' | sed 's/\\(\\.[0-9]\\{3\\}\\)[0-9]*/\\1/' | sort`,
        ],
        at,
      ])
    assert.equal((await list(is)).stdout, (await list(was)).stdout)
    assert.equal((await attributesOf(is)).stdout, (await attributesOf(was)).stdout)
    assert.ok((await stat(join(is, 'sparse'))).blocks < 100, 'holes stay holes')
    const [one, two] = [join(is, 'large'), join(is, 'deep/other name of large')]
    assert.equal((await stat(one)).ino, (await stat(two)).ino)
    assert.equal((await lstat(join(is, 'null'))).rdev, (await lstat(join(was, 'null'))).rdev)
    assert.deepEqual(await readdir(target), ['data'])
  })

  await t.test(
    'a tar has access lists, attributes, holes and devices; GNU tar reads them',
    async () => {
      const archive = holdfast.path('data.tar')
      await holdfast.ok('files', 'get', id, '/srv/data', '-o', archive, '--archive', 'tar')
      const target = holdfast.path('untarred')
      await mkdir(target)
      const all = ['--acls', '--xattrs', '--xattrs-include=*', '--numeric-owner']
      await run('tar', [...all, '-xpf', archive, '-C', target])
      const [was, is] = [join(tree, 'srv/data'), join(target, 'data')]
      assert.equal((await attributesOf(is)).stdout, (await attributesOf(was)).stdout)
      assert.equal((await lstat(join(is, 'null'))).rdev, (await lstat(join(was, 'null'))).rdev)
      assert.ok((await stat(join(is, 'sparse'))).blocks < 100, 'holes stay holes')
    },
  )

  await t.test('a zip has each name of a file with its content', async () => {
    if (lacksTool(t, 'bsdtar')) return
    const archive = holdfast.path('data.zip')
    const got = await holdfast.run<{ failed: { path: string; error: { code: string } }[] }>(
      ...['files', 'get', id, '/srv/data', '-o', archive, '--archive', 'zip'],
    )
    assert.equal(got.status, 1)
    const failed = got.json.failed.map(({ path, error }) => `${path} ${error.code}`).sort()
    assert.deepEqual(
      failed,
      ['data/null', 'data/pipe'].map((one) => `${one} format-cannot-hold`),
    )
    const target = holdfast.path('unzipped')
    await mkdir(target)
    await run('bsdtar', ['-xpf', archive, '-C', target])
    const left = ['-x', 'null', '-x', 'pipe']
    await tool(
      'diff',
      '-r',
      '--no-dereference',
      ...left,
      join(tree, 'srv/data'),
      join(target, 'data'),
    )
  })

  await t.test('setuid bits and devices only when they are asked for', async () => {
    const target = scene.restoreFolder('beta')
    const answer = await restore(['/srv/data'], `beta:${target}`, '--owners', 'target')
    assert.equal(answer.status, 0, answer.stderr)
    assert.equal(answer.json.skipped, 2)
    assert.equal((await stat(join(target, 'data/suid'))).mode & 0o7777, 0o755)
    assert.match(answer.stderr, /setuid and setgid bits, which --special gives: 1 \(data\/suid\)/)
    assert.match(answer.stderr, /devices, pipes and sockets: 2/)
    const { uid, gid } = await stat(join(target, 'data/small'))
    assert.deepEqual([uid, gid], [0, 0])
  })

  await t.test('what is there already: a copy, passed over, or replaced', async () => {
    const target = scene.restoreFolder('beta')
    await mkdir(join(target, 'data'), { recursive: true })
    const mine = join(target, 'data/small')
    await writeFile(mine, 'mine')
    await writeFile(join(target, 'data/large'), 'mine too')
    const skipped = await restore(['/srv/data'], `beta:${target}`, '--on-conflict', 'skip')
    assert.equal(skipped.status, 0, skipped.stderr)
    assert.equal(skipped.json.skipped, 4) // and two that are special
    assert.equal(await readFile(mine, 'utf8'), 'mine')
    const other = await readFile(join(target, 'data/deep/other name of large'))
    assert.ok(
      other.equals(await readFile(join(tree, 'srv/data/large'))),
      'a name of what is skipped',
    )
    const copied = await restore(['/srv/data/small'], `beta:${join(target, 'data')}`)
    assert.equal(copied.json.restored, 1)
    assert.equal(await readFile(mine, 'utf8'), 'mine')
    const wanted = await readFile(join(tree, 'srv/data/small'))
    assert.ok((await readFile(join(target, 'data/small (copy)'))).equals(wanted))
    const replaced = await restore(
      ...([
        ['/srv/data/small'],
        `beta:${join(target, 'data')}`,
        '--on-conflict',
        'overwrite',
      ] as const),
    )
    assert.equal(replaced.status, 0, replaced.stderr)
    assert.ok((await readFile(mine)).equals(wanted))
  })

  await t.test(
    'links in the target are not followed, and the others come all the same',
    async () => {
      const target = scene.restoreFolder('beta')
      const outside = holdfast.path('outside')
      await mkdir(target, { recursive: true })
      await mkdir(outside)
      await writeFile(join(outside, 'small'), 'not yours')
      await symlink(outside, join(target, 'deep'))
      await symlink(join(outside, 'small'), join(target, 'small'))
      const answer = await restore(
        ['/srv/data/small', '/srv/data/deep', '/srv/data/empty', '/no/such'],
        ...[`beta:${target}`, '--on-conflict', 'overwrite'],
      )
      assert.equal(answer.status, 1)
      assert.equal(answer.json.error, null)
      const failed = answer.json.failed.map(({ path, error }) => [path, error.code])
      assert.deepEqual(failed, [
        ['deep', 'target-exists'],
        ['deep/er', 'target-refused'],
        ['deep/er/file', 'target-refused'],
        ['deep/other name of large', 'target-refused'],
        ['/no/such', 'path-not-found'],
      ])
      assert.deepEqual(await readdir(outside), ['small'])
      assert.equal(await readFile(join(outside, 'small'), 'utf8'), 'not yours')
      assert.ok((await lstat(join(target, 'small'))).isFile(), 'the link itself was replaced')
      assert.deepEqual((await readdir(target)).sort(), ['deep', 'empty', 'small'])
    },
  )

  await t.test('a folder of its own, named after source and time', async () => {
    const target = scene.restoreFolder('alpha')
    const answer = await restore(['/srv/data/small'], `alpha:${target}`, '--result-folder')
    assert.equal(answer.status, 0, answer.stderr)
    assert.match(answer.json.folder, /\/alpha_\d\d-\d\d-\d{4}_\d\d\.\d\d\.\d\d$/)
    assert.deepEqual(await readdir(answer.json.folder), ['small'])
  })

  await t.test(
    'places that a host does not allow are refused, and disks are not replaced',
    async () => {
      const refused = await restore(['/srv/data'], `beta:${folder}/else`)
      assert.equal(refused.status, 1)
      assert.equal(
        (refused.json as unknown as { error: { code: string } }).error.code,
        'target-refused',
      )
      await writeFile(join(seed, 'disk.raw'), 'of a guest')
      await makeExt(scene.image('other.raw'), 'ext4', seed)
      await holdfast.source('alpha/other.raw')
      const other = await scene.point('alpha/other.raw')
      const before = await readFile(scene.image('disk.raw'))
      const answer = await holdfast.run<Restored>(
        ...['files', 'restore', other.id, '/disk.raw', '--to', `alpha:${holdfast.images}`],
        ...['--on-conflict', 'overwrite'],
      )
      assert.equal(answer.status, 1)
      assert.equal(answer.json.failed[0]?.error.code ?? answer.json.error?.code, 'target-in-use')
      assert.ok((await readFile(scene.image('disk.raw'))).equals(before))
    },
  )
})
