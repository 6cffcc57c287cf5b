import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { systemFileSystem as files } from '../../core/runtime/file-system.ts'
import { MapEncoder } from '../../server/store/manifest-map.ts'
import { createPackFile, LocalPackWriter } from '../../server/store/pack-writer.ts'
import { StagingPool } from '../../server/store/staging.ts'
import { recordOf } from './records.ts'

const page = await readFile(new URL('../../docs/store-format.md', import.meta.url), 'utf8')

test('the pack of the example is what this code writes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-example-'))
  const path = join(folder, 'pack-example.pack')
  const file = await createPackFile(files, path, false)
  const to = { files, file, path, direct: false, pool: new StagingPool() }
  const announced = { name: 'pack-example', volume: 'v', firstSegment: 64, generation: 7 }
  const writer = new LocalPackWriter(to, 'store-0123456789ab', announced, () => {})
  writer.append(recordOf(65536, Buffer.from('Holdfast'), false))
  await writer.seal()
  const [, block] = /```hex\n([^`]*)```/.exec(page) ?? []
  const text = (block ?? '').replaceAll(/^[0-9a-f]{4} {2}/gm, '').replaceAll(/\s/g, '')
  assert.equal((await readFile(path)).toString('hex'), text)
  await rm(folder, { recursive: true })
})

test('the map of the example is what this code writes', () => {
  const encoder = new MapEncoder()
  encoder.addRuns([
    { chunk: 65536, length: 3 },
    { chunk: 0, length: 2 },
    { chunk: 65600, length: 1 },
  ])
  encoder.endDisk()
  const text = encoder
    .bytes()
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$& ')
  assert.ok(page.includes(`\`${text}\``), text)
})
