import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import { canMount } from '../support/image-mount.ts'
import { temporaryFolder } from '../support/images.ts'
import { hasTool, lacks } from '../support/needs.ts'
import { compareFatTruth } from '../support/truth-fat.ts'
import { compareTruth, TRUTH_KINDS } from '../support/truth.ts'

/*
 * Tens of thousands of entries, another tree each night, and a file of more than 4 GiB that is whole. The seed
 * is in the names of the tests; HOLDFAST_TRUTH_SEED repeats one.
 */

Object.assign(process.env, { TZ: 'UTC', LC_ALL: 'C.UTF-8', MTOOLS_SKIP_CHECK: '1' })

const GIB = 2 ** 30
const SEED = process.env['HOLDFAST_TRUTH_SEED'] ?? randomUUID()

for (const [name, kind] of Object.entries(TRUTH_KINDS))
  test(`${name}: tens of thousands of entries are as its own driver has them (seed ${SEED})`, async (t) => {
    const isAble = kind.needs.every(hasTool) && (await canMount(kind.driver))
    if (lacks(t, `${kind.needs.join(', ')}, ${kind.driver} mounts`, isAble)) return
    const size = { imageBytes: 8 * GIB, steps: 60_000, huge: 'whole' as const }
    const entries = await compareTruth(kind, await temporaryFolder(t), SEED, size)
    assert.ok(entries > 20_000, `${entries} entries`)
  })

test(`fat32: tens of thousands of entries are as mtools has them (seed ${SEED})`, async (t) => {
  if (lacks(t, 'mtools, mkfs.fat', ['mcopy', 'mkfs.fat'].every(hasTool))) return
  const size = { bits: '32', imageBytes: 3 * GIB, steps: 40_000 }
  const entries = await compareFatTruth(await temporaryFolder(t), SEED, size)
  assert.ok(entries > 10_000, `${entries} entries`)
})
