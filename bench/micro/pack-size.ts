/*
 * What the size of a pack costs in writing: the store's own pack writer, sealed (synced, folder and
 * all) after so many bytes. Sizes take turns, so that a busy disk hits all of them.
 *
 *   node bench/micro/pack-size.ts FOLDER [ROUNDS] [MEBIBYTES]      FOLDER: on the file system to be measured
 */
import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import {
  CODEC_PLAIN,
  RECORD_HEADER_BYTES,
  RECORD_MAGIC,
  RECORD_OFFSETS,
} from '../../core/chunk/record.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import type { PackWriter } from '../../server/store/chunk-store.ts'
import { createStore } from '../../server/store/create-store.ts'
import { openLocalStore } from '../../server/store/local-store.ts'

const MIB = 2 ** 20
const SIZES = [4, 8, 16, 32, 63].map((mebibytes) => mebibytes * MIB) // 64 with header and footer
const STORED = 50_000 // a chunk of 128 KiB, compressed 2.6 : 1

const [folder = '.', rounds = '3', mebibytes = '504'] = process.argv.slice(2)
const BYTES = Number(mebibytes) * MIB
const root = await mkdtemp(path.join(folder, 'holdfast-packs-'))
const record = makeRecord()
const taken = new Map(SIZES.map((size) => [size, { wall: [] as number[], cpu: [] as number[] }]))
try {
  for (let round = 0; round < Number(rounds); round++)
    for (const size of SIZES) await measure(round, size)
} finally {
  await rm(root, { recursive: true })
}
console.log('| pack | MB/s | CPU s per GB |\n| --- | --- | --- |')
for (const [size, { wall, cpu }] of taken) {
  const gigabytes = BYTES / 1e9
  const rate = (gigabytes * 1000) / median(wall)
  console.log(
    `| ${Math.round(size / MIB)} MiB | ${rate.toFixed(0)} | ${(median(cpu) / gigabytes).toFixed(2)} |`,
  )
}

async function measure(round: number, size: number): Promise<void> {
  const volume = path.join(root, `${round}-${size}`)
  await createStore([volume], { catalogId: 'catalog-bench' })
  const store = await openLocalStore({ folders: [volume], reserveBytes: 0 })
  const where = await store.chooseVolume()
  const before = process.cpuUsage()
  const startedAt = performance.now()
  let sealing: Promise<unknown> | undefined
  for (let written = 0, n = 0; written + record.length <= BYTES; n++) {
    const announced = {
      name: `pack-${n}`,
      volume: where,
      firstSegment: 64 * (n + 1),
      generation: 1,
    }
    const pack = await store.createPack(announced)
    written += await fill(pack, Math.min(size, BYTES - written))
    await sealing // as in a transfer: one is synced while the next one fills
    sealing = pack.seal()
  }
  await sealing
  const { user, system } = process.cpuUsage(before)
  taken.get(size)?.wall.push((performance.now() - startedAt) / 1000)
  taken.get(size)?.cpu.push((user + system) / 1e6)
  await store.close()
  await rm(volume, { recursive: true })
}

async function fill(pack: PackWriter, size: number): Promise<number> {
  let bytes = 0
  while (bytes + record.length <= size) {
    pack.append(record)
    bytes += record.length
    await pack.drained()
  }
  return bytes
}

function makeRecord(): Buffer {
  const stored = systemRandom.bytes(STORED)
  const made = Buffer.alloc(RECORD_HEADER_BYTES + STORED)
  made.writeUInt32LE(RECORD_MAGIC, RECORD_OFFSETS.magic)
  made.writeUInt32LE(STORED, RECORD_OFFSETS.storedLength)
  made.writeUInt32LE(STORED, RECORD_OFFSETS.plainLength)
  made[RECORD_OFFSETS.codec] = CODEC_PLAIN
  made.writeUInt32LE(crc32(stored), RECORD_OFFSETS.storedCrc32)
  stored.copy(made, RECORD_HEADER_BYTES)
  return made
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
