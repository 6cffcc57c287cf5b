import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { SequentialWriter } from '../../core/runtime/sequential-writer.ts'

const MIB = 1024 * 1024

describe('a file written from its beginning to its end', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-writer-'))
  })
  after(() => rm(folder, { recursive: true }))

  async function written(
    sizeBytes: number,
    run: (writer: SequentialWriter, handle: FileHandle) => Promise<void>,
  ): Promise<Buffer> {
    const path = join(folder, 'file')
    const handle = await open(path, 'w')
    try {
      const writer = await SequentialWriter.open(handle, sizeBytes)
      await run(writer, handle)
      await writer.finish()
      return await readFile(path)
    } finally {
      await handle.close()
      await rm(path)
    }
  }

  for (const [name, sizeBytes] of [
    ['small', 1],
    ['large', 64 * MIB],
  ] as const)
    it(`has every byte in its place: ${name}, pieces of all lengths, holes within a unit`, async () => {
      const expected: Buffer[] = []
      const found = await written(sizeBytes, async (writer) => {
        for (const [at, length] of [1, 4095, 700_001, 3 * MIB + 17, 0, 12_288, 5].entries()) {
          const bytes = randomBytes(length)
          expected.push(Buffer.from(bytes), Buffer.alloc(at * 1000))
          await writer.write(bytes)
          bytes.fill(0xee) // what was handed over may be used again
          await writer.hole(at * 1000)
          assert.equal(writer.at, Buffer.concat(expected).length)
        }
        await writer.write(Buffer.from('end'))
        expected.push(Buffer.from('end'))
      })
      assert.ok(Buffer.concat(expected).equals(found))
    })

  it('tells of a write that failed at the end at the latest', async () => {
    const handle = await open('/dev/full', 'w')
    try {
      for (const sizeBytes of [1, 64 * MIB]) {
        const writer = await SequentialWriter.open(handle, sizeBytes)
        const all = async () => {
          await writer.write(Buffer.alloc(100, 1))
          await writer.finish()
        }
        await assert.rejects(all(), { code: 'ENOSPC' })
        await writer.abandon()
      }
    } finally {
      await handle.close()
    }
  })
})
