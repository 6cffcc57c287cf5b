import assert from 'node:assert/strict'
import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { HoldfastError } from '../../core/model/error.ts'
import {
  GUEST_BYTES,
  guestContent,
  IMAGE_NAMES,
  makeImage,
  temporaryFolder,
  type ImageKind,
} from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { openNamed, providerOver, readAll } from './reading.ts'

const guest = guestContent('damage', GUEST_BYTES)

/** Opens and reads all: the bytes, or the error of either. */
async function outcomeOf(folder: string, name: string): Promise<Buffer | HoldfastError> {
  try {
    const view = await openNamed(providerOver(folder), name)
    try {
      assert.ok(view.disks[0])
      return await readAll(view.disks[0].reader)
    } finally {
      await view.close()
    }
  } catch (error) {
    if (error instanceof HoldfastError) return error
    throw error
  }
}

/** The file that holds the data: of VMDKs with extents, the extent. */
function dataFile(kind: ImageKind): string {
  const extents: Partial<Record<ImageKind, string>> = {
    'flat.vmdk': 'flat-flat.vmdk',
    'split.vmdk': 'split-s001.vmdk',
    'split-flat.vmdk': 'split-flat-f001.vmdk',
  }
  return extents[kind] ?? kind
}

for (const kind of IMAGE_NAMES)
  void test(`${kind} that was cut short is damaged, wherever it was cut`, async (t) => {
    if (lacksTool(t, 'qemu-img')) return
    const folder = await temporaryFolder(t)
    await makeImage(folder, kind, guest)
    const path = join(folder, dataFile(kind))
    const { size } = await stat(path)
    for (const length of [size - 4096, Math.floor(size / 2), 100_000, 600, 100, 1]) {
      await truncate(path, length)
      const outcome = await outcomeOf(folder, kind)
      const place = `cut at ${length} of ${size}`
      if (outcome instanceof HoldfastError) {
        assert.equal(outcome.code, 'source-damaged', `${place}: ${outcome.message}`)
        assert.ok(outcome.message.includes(folder))
        continue
      }
      // Cut where the guest sees nothing, such as in a last cluster beyond the disk's end.
      assert.ok(length === size - 4096, place)
      assert.ok(outcome.subarray(0, GUEST_BYTES).equals(guest), `${place}: nothing is lost`)
    }
  })

void test('headers of noise, or of another format, are damage', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const folder = await temporaryFolder(t)
  for (const name of ['a.qcow2', 'b.vhd', 'c.vhdx', 'd.vmdk']) {
    await writeFile(join(folder, name), guest)
    const outcome = await outcomeOf(folder, name)
    assert.ok(outcome instanceof HoldfastError && outcome.code === 'source-damaged', name)
    assert.ok(outcome.message.includes(name))
  }
})

const KINDS = ['plain.qcow2', 'dynamic.vhd', 'dynamic.vhdx', 'sparse.vmdk', 'stream.vmdk'] as const
const EXPECTED = [
  'source-damaged',
  'source-unreadable',
  'format-unsupported',
  'backing-file-refused',
  'source-not-protectable',
]

for (const kind of KINDS)
  void test(`${kind} with noise in its tables ends in an error of ours, or reads on`, async (t) => {
    if (lacksTool(t, 'qemu-img')) return
    const folder = await temporaryFolder(t)
    const path = await makeImage(folder, kind, guest)
    const whole = await readFile(path)
    const failures: string[] = []
    // Headers and tables are at the front of each of these formats.
    for (let at = 0; at < 12; at++) {
      const noisy = Buffer.from(whole)
      const place = at < 6 ? at * 16 : (at - 5) * 65_536
      noisy.fill(0xb7 - at, place, place + 8)
      await writeFile(path, noisy)
      const outcome = await outcomeOf(folder, kind)
      if (!(outcome instanceof HoldfastError)) continue
      assert.ok(EXPECTED.includes(outcome.code), `${place}: ${outcome.code} ${outcome.message}`)
      failures.push(outcome.code)
    }
    assert.ok(failures.includes('source-damaged'))
  })
