import assert from 'node:assert/strict'
import test from 'node:test'
import type { NbdClient } from '../../core/nbd/client.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'
import { Tracking } from './tracking.ts'

const BLOCK = 4096
const SIZE = 8 * 2 ** 20

/**
 * Writes as fast as it can: a block at a pseudo-random place of the first disk with the next number,
 * then the same number on the second. At one instant the second never has a number that the first
 * lacks, and is never more than one behind.
 */
class Journal {
  readonly #first: NbdClient
  readonly #second: NbdClient
  #stopping = false
  #ended: Promise<void> | undefined
  number = 0

  constructor(first: NbdClient, second: NbdClient) {
    this.#first = first
    this.#second = second
  }

  start(): void {
    this.#ended = this.#write()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#ended
  }

  async #write(): Promise<void> {
    while (!this.#stopping) {
      const block = numbered(++this.number)
      const at = placeOf(this.number)
      await this.#first.write(at, block)
      await this.#second.write(at, block)
    }
  }
}

function placeOf(number: number): number {
  return ((number * 2654435761) % (SIZE / BLOCK)) * BLOCK
}

function numbered(number: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  for (let at = 0; at < BLOCK; at += 8) block.writeBigUInt64LE(BigInt(number), at)
  return block
}

/** Every block is whole and as the journal up to `last` left it. */
function check(bytes: Buffer, last: number, what: string): void {
  const expected = new Map<number, number>()
  for (let number = Math.max(1, last - 3 * (SIZE / BLOCK)); number <= last; number++)
    expected.set(placeOf(number), number)
  for (const [at, number] of expected)
    assert.ok(bytes.subarray(at, at + BLOCK).equals(numbered(number)), `${what}: block at ${at}`)
}

function highest(bytes: Buffer): number {
  let most = 0n
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const number = bytes.readBigUInt64LE(at)
    if (number > most) most = number
  }
  return Number(most)
}

for (const format of ['qcow2', 'raw'] as const)
  test(`${format}: two disks at one instant under a writer at full speed, increments exact`, async (t) => {
    if (lacksTool(t, 'qemu-storage-daemon')) return
    const folder = await temporaryFolder(t)
    const vm = await StorageDaemon.start(t, folder, 'web', [
      { name: 'vda', format, sizeBytes: SIZE },
      { name: 'vdb', format, sizeBytes: SIZE },
    ])
    const tracking = new Tracking(folder, await vm.declare())
    const journal = new Journal(await vm.guest('vda'), await vm.guest('vdb'))
    journal.start()
    let before = 0
    for (let round = 0; round < 5; round++) {
      const end = round === 2 ? 'fail' : round === 3 ? 'lost-answer' : 'commit'
      const { disks } = await tracking.take(undefined, end)
      const [vda, vdb] = disks
      assert.ok(vda && vdb)
      const [first, second] = [highest(vda.bytes), highest(vdb.bytes)]
      assert.ok(second <= first && first <= second + 1, `${first} and ${second}`)
      check(vda.bytes, first, 'vda')
      check(vdb.bytes, second, 'vdb')
      assert.ok(first > before, 'the writer wrote')
      before = first
      if (round > 0)
        for (const disk of disks) {
          assert.equal(disk.reason, '', 'it was tracked')
          assert.ok(disk.increment?.equals(disk.bytes), `${disk.name}: the increment is exact`)
        }
    }
    await journal.stop()
  })
