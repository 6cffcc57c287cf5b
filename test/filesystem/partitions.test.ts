import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { readPartitionTable } from '../../core/filesystem/partitions/table.ts'
import { tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'

function bufferReader(bytes: Buffer): ByteReader {
  return {
    sizeBytes: bytes.length,
    async read(offset, length) {
      assert.ok(offset >= 0 && offset + length <= bytes.length, `${length} bytes at ${offset}`)
      return Buffer.from(bytes.subarray(offset, offset + length))
    },
  }
}

/** A disk as sfdisk divides it, and what sfdisk says of it. */
async function divided(t: TestContext, script: string, megabytes = 64) {
  const path = join(await temporaryFolder(t), 'disk')
  await writeFile(path, '')
  await truncate(path, megabytes * 2 ** 20)
  const child = spawn('sfdisk', ['-q', '--no-reread', '--no-tell-kernel', path], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  })
  child.stdin.end(script)
  await once(child, 'exit')
  const json = JSON.parse(await tool('sfdisk', '-J', path)) as {
    partitiontable: { partitions: { node: string; start: number; size: number; name?: string }[] }
  }
  const expected = json.partitiontable.partitions.map(({ node, start, size, name }) => ({
    number: Number(/\d+$/.exec(node)?.[0]),
    ...{ offset: start * 512, sizeBytes: size * 512, name: name ?? '' },
  }))
  return { bytes: await readFile(path), expected }
}

const GPT = [
  'label: gpt',
  'size=8M,name=first',
  'size=16M,name="Ünïcode ☃"',
  'size=4M,type=E6D6D379-F507-44C2-A23C-238F2A3DF928',
  'start=100000,size=3000',
].join('\n')
const MBR = [
  'label: dos',
  'size=8M,type=83',
  'size=8M,type=7',
  'size=40M,type=f',
  'size=4M,type=b',
  'size=5M,type=83',
  'size=6M,type=82',
  'size=7M,type=8e',
].join('\n')

async function found(bytes: Buffer) {
  const { kind, partitions, warnings } = await readPartitionTable(bufferReader(bytes))
  const shapes = partitions.map(({ number, offset, sizeBytes, name }) => ({
    ...{ number, offset, sizeBytes, name },
  }))
  return { kind, shapes, warnings }
}

test('GPT: partitions are where sfdisk says', async (t) => {
  if (lacksTool(t, 'sfdisk')) return
  const { bytes, expected } = await divided(t, GPT)
  assert.equal(expected.length, 4)
  assert.deepEqual(await found(bytes), { kind: 'gpt', shapes: expected, warnings: [] })
})

test('GPT: the copy serves where the first header or table is damaged', async (t) => {
  if (lacksTool(t, 'sfdisk')) return
  const { bytes, expected } = await divided(t, GPT)
  for (const at of [512, 512 + 16, 512 + 72, 512 + 80, 512 + 88, 1024 + 40, 1024 + 16000]) {
    const broken = Buffer.from(bytes)
    broken[at]! ^= 0x55
    const read = await found(broken)
    assert.deepEqual(read.shapes, expected, `byte ${at}`)
    assert.equal(read.warnings.length, 1)
    broken[bytes.length - 512 + 20]! ^= 1
    await assert.rejects(found(broken), { code: 'filesystem-damaged' })
  }
})

test('MBR: partitions, also logical ones, are where sfdisk says', async (t) => {
  if (lacksTool(t, 'sfdisk')) return
  const { bytes, expected } = await divided(t, MBR)
  const withoutExtended = expected.filter(({ number }) => number !== 3)
  assert.deepEqual(
    withoutExtended.map(({ number }) => number),
    [1, 2, 4, 5, 6, 7],
  )
  assert.deepEqual(await found(bytes), { kind: 'mbr', shapes: withoutExtended, warnings: [] })
})

test('MBR: a chain that leads round, away or nowhere ends', async (t) => {
  if (lacksTool(t, 'sfdisk')) return
  const { bytes, expected } = await divided(t, MBR)
  const second = expected.find(({ number }) => number === 6)
  assert.ok(second)
  const extended = expected.find(({ number }) => number === 3)?.offset ?? 0
  const tables = [...Array(bytes.length / 512).keys()]
    .map((sector) => sector * 512)
    .filter((at) => at >= extended && bytes.readUInt16LE(at + 510) === 0xaa55)
  assert.equal(tables.length, 3)
  for (const start of [0, 1, 2 ** 31, 0xffffffff, (tables[1]! - extended) / 512]) {
    const broken = Buffer.from(bytes)
    broken.writeUInt32LE(start, tables[1]! + 462 + 8)
    const { shapes, warnings } = await found(broken)
    assert.ok(shapes.length <= 5, `${shapes.length}`)
    assert.equal(warnings.length, start === 0 ? 0 : 1, `start ${start}`)
  }
})

test('a disk that is not divided is one whole', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(100), Buffer.alloc(2 ** 20)]) {
    const { kind, shapes } = await found(bytes)
    assert.equal(kind, 'none')
    assert.deepEqual(shapes, [{ number: 0, offset: 0, sizeBytes: bytes.length, name: '' }])
  }
})

test('a partition beyond the end is left out, one across it is cut', async (t) => {
  if (lacksTool(t, 'sfdisk')) return
  const { bytes } = await divided(t, MBR)
  const { shapes, warnings } = await found(bytes.subarray(0, 12 * 2 ** 20))
  assert.deepEqual(
    shapes.map(({ number }) => number),
    [1, 2],
  )
  assert.equal(shapes[1]!.offset + shapes[1]!.sizeBytes, 12 * 2 ** 20)
  assert.equal(warnings.length, 3) // that it is cut, that the fourth is gone, and the logical ones
})
