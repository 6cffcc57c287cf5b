import assert from 'node:assert/strict'
import { appendFile, chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { bytesOf, makeExt, tool } from '../support/ext-images.ts'
import { openOperatorClient } from '../../core/wire/operator-client.ts'
import { temporaryFolder } from '../support/images.ts'
import { mounted } from '../support/mounted.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'

interface Version {
  readonly path: string
  readonly type: string
  readonly sizeBytes: number
  readonly points: readonly string[]
}

interface Compared {
  readonly differingBytes: number
  readonly files: readonly { change: string; path: string; type: string }[]
}

/** Two partitions: what changes, and what does not. Gives the image of the one that does. */
async function makeDisk(path: string, folder: string): Promise<string> {
  const [work, still] = [join(folder, 'work.img'), join(folder, 'still.img')]
  for (const [image, name] of [
    [work, 'work'],
    [still, 'still'],
  ] as const) {
    const tree = join(folder, name)
    await mkdir(join(tree, 'a folder/below'), { recursive: true })
    for (let i = 0; i < 40; i++)
      await writeFile(join(tree, 'a folder', `${name} ${i}.txt`), bytesOf(`${name}${i}`, i * 311))
    await writeFile(join(tree, 'a folder/below', 'Report 1.odt'), 'first')
    await makeExt(image, 'ext4', tree)
  }
  await assemble(path, work, still)
  return work
}

const MIB = 2 ** 20

async function assemble(path: string, work: string, still: string): Promise<void> {
  const { size } = await stat(work)
  const sectors = size / 512
  await tool('truncate', '-s', String(2 * MIB + 2 * size), path)
  const table = `label: gpt\nstart=2048,size=${sectors}\nstart=${2048 + sectors},size=${sectors}\n`
  await tool(
    'sh',
    '-c',
    `printf '%s' "$0" | sfdisk -q --no-reread --no-tell-kernel "$1"`,
    table,
    path,
  )
  await put(path, work, MIB)
  await put(path, still, MIB + size)
}

async function put(path: string, image: string, offset: number): Promise<void> {
  const where = [`if=${image}`, `of=${path}`, `seek=${offset / MIB}`]
  await tool('dd', ...where, 'bs=1M', 'conv=notrunc', 'status=none')
}

test('files over several points: search and compare', async (t) => {
  if (lacksRoot(t) || lacksTool(t, 'sfdisk')) return
  const folder = await temporaryFolder(t)
  const scene = await Scene.open(t)
  const { holdfast } = scene
  const disk = scene.image('disk.raw')
  const work = await makeDisk(disk, folder)
  await holdfast.source('alpha/disk.raw')
  const first = await scene.point('alpha/disk.raw')
  const change = async (run: (root: string) => Promise<void>) => {
    const { folder: root, unmount } = await mounted(t, work)
    await run(join(root, 'a folder'))
    await unmount()
    await put(disk, work, MIB)
    return scene.point('alpha/disk.raw')
  }
  const second = await change(async (root) => {
    await writeFile(join(root, 'below/Report 1.odt'), 'second version')
    await writeFile(join(root, 'below/report 2.ODT'), 'new')
    await rm(join(root, 'work 3.txt'))
    await rename(join(root, 'work 4.txt'), join(root, 'moved'))
    await chmod(join(root, 'work 5.txt'), 0o600)
    await appendFile(join(root, 'work 6.txt'), 'x')
    await mkdir(join(root, 'new'))
    await writeFile(join(root, 'new/file'), 'y')
  })
  const third = await change(async (root) => writeFile(join(root, 'unrelated'), 'z'))
  const search = async (...args: string[]) => {
    const answer = await holdfast.ok<Version[]>('files', 'search', 'alpha/disk.raw', ...args)
    return answer.json
  }

  await t.test('each version once, with the points that have it', async () => {
    const found = await search('report*.odt', '--ignore-case')
    const shown = found.map(({ path, sizeBytes, points }) => [path, sizeBytes, [...points].sort()])
    const all = [first.id, second.id, third.id].sort()
    const later = [second.id, third.id].sort()
    assert.deepEqual(
      shown.sort(),
      [
        ['disk.raw:1:/a folder/below/Report 1.odt', 14, later],
        ['disk.raw:1:/a folder/below/Report 1.odt', 5, [first.id]],
        ['disk.raw:1:/a folder/below/report 2.ODT', 3, later],
        ['disk.raw:2:/a folder/below/Report 1.odt', 5, all],
      ].sort(),
    )
    assert.equal((await search('report*.odt')).length, 0)
    assert.equal((await search('/a folder/still ?.txt')).length, 10)
    assert.equal((await search('work 3.txt'))[0]?.points.length, 1)
    const file = holdfast.path('fetched')
    await holdfast.ok('files', 'get', first.id, found[0]!.path, '-o', file)
  })

  await t.test('a volume in which nothing changed is not read again', async () => {
    const operator = JSON.parse(
      await readFile(holdfast.path('server', 'operator.json'), 'utf8'),
    ) as Parameters<typeof openOperatorClient>[0]
    const client = openOperatorClient(operator)
    t.after(() => client.close())
    const searched = []
    const pattern = Buffer.from('Report*')
    for await (const part of client.searchFiles({ source: 'alpha/disk.raw', pattern }))
      if (part.searched) searched.push(part.searched)
    assert.deepEqual(
      searched.map(({ reused }) => reused),
      [0, 1, 1],
    )
    const [whole = 0, half = 0] = searched.map(({ walked }) => walked)
    assert.ok(half < whole && half > 40)
  })

  await t.test('compare names the files', async () => {
    const { json } = await holdfast.ok<Compared>('point', 'compare', first.id, second.id, '--files')
    assert.ok(json.differingBytes > 0)
    const shown = json.files.map(({ change, path }) => `${change} ${path}`).sort()
    const at = 'disk.raw:1:/a folder'
    assert.deepEqual(
      shown,
      [
        ...[`added ${at}/below/report 2.ODT`, `added ${at}/moved`, `added ${at}/new`],
        ...[`added ${at}/new/file`, `changed ${at}/below/Report 1.odt`],
        ...[`changed ${at}/work 5.txt`, `changed ${at}/work 6.txt`],
        ...[`removed ${at}/work 3.txt`, `removed ${at}/work 4.txt`],
      ].sort(),
    )
    const back = await holdfast.ok<Compared>('point', 'compare', third.id, second.id, '--files')
    assert.deepEqual(
      back.json.files.map(({ change, path }) => `${change} ${path}`),
      [`removed ${at}/unrelated`],
    )
    const same = await holdfast.ok<Compared>('point', 'compare', third.id, third.id, '--files')
    assert.deepEqual(same.json.files, [])
  })
})
