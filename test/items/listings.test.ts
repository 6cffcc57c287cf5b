import assert from 'node:assert/strict'
import test from 'node:test'
import { GuestVolumes } from '../../core/filesystem/browse/volumes.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { operatorService } from '../../core/wire/operator-service.ts'
import { Listings } from '../../server/items/reader/listings.ts'
import { WIDE_ENTRIES, wideImage } from './wide-image.ts'

/* What was listed once is not read again, as long as it was whole. */

const WIDE = Buffer.from('/wide')

/** Counts reads; the one that is named fails. */
class Watched implements ByteReader {
  readonly #disk: ByteReader
  readonly #failing: number | undefined
  reads = 0

  constructor(disk: ByteReader, failing?: number) {
    this.#disk = disk
    this.#failing = failing
  }

  get sizeBytes(): number {
    return this.#disk.sizeBytes
  }

  read(offset: number, length: number): Promise<Buffer> {
    if (++this.reads === this.#failing)
      return Promise.reject(new HoldfastError('chunk-damaged', 'this chunk is damaged'))
    return this.#disk.read(offset, length)
  }
}

function listingsOf(disk: ByteReader): Listings {
  return new Listings(new GuestVolumes([{ name: 'disk.raw', reader: disk }]))
}

async function entriesOf(listings: Listings, path: Buffer) {
  const entries = []
  for await (const { page } of listings.list({ kind: 'list', path }))
    entries.push(...operatorService.ListFiles.responseDeserialize(Buffer.from(page)).entries)
  return entries
}

test('a folder is read once, and listed the same again', async (t) => {
  const disk = new Watched(await wideImage(t))
  const listings = listingsOf(disk)
  const first = await entriesOf(listings, WIDE)
  const { reads } = disk
  assert.equal(first.length, WIDE_ENTRIES)
  assert.deepEqual(await entriesOf(listings, WIDE), first)
  assert.equal(disk.reads, reads)
  assert.notEqual((await entriesOf(listings, Buffer.from('/'))).length, WIDE_ENTRIES)
})

test('what could not be read is read again', async (t) => {
  const disk = await wideImage(t)
  const whole = new Watched(disk)
  const expected = await entriesOf(listingsOf(whole), WIDE)
  // The folder comes first, and what is read last are some of its entries' inodes.
  const listings = listingsOf(new Watched(disk, whole.reads))
  const errors = (await entriesOf(listings, WIDE)).flatMap(({ error }) =>
    error ? [error.code] : [],
  )
  assert.ok(errors.length > 0 && errors.length < WIDE_ENTRIES)
  assert.deepEqual(new Set(errors), new Set(['chunk-damaged']))
  assert.deepEqual(await entriesOf(listings, WIDE), expected)
})

test('a listing that nobody read to its end is not kept', async (t) => {
  const disk = await wideImage(t)
  const listings = listingsOf(disk)
  for await (const { page } of listings.list({ kind: 'list', path: WIDE })) {
    assert.ok(page.length > 0)
    break
  }
  assert.equal((await entriesOf(listings, WIDE)).length, WIDE_ENTRIES)
})
