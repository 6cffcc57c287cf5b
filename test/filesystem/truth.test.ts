import assert from 'node:assert/strict'
import test from 'node:test'
import { canMount } from '../support/image-mount.ts'
import { temporaryFolder } from '../support/images.ts'
import { hasTool, lacks } from '../support/needs.ts'
import { compareFatTruth } from '../support/truth-fat.ts'
import { compareTruth, TRUTH_KINDS } from '../support/truth.ts'

/* Thousands of entries of each file system, made by a seed. Larger: truth.nightly.test.ts. */

// mtools writes local times, and guesses of what letters a name has.
Object.assign(process.env, { TZ: 'UTC', LC_ALL: 'C.UTF-8', MTOOLS_SKIP_CHECK: '1' })

const MIB = 2 ** 20
const SEED = process.env['HOLDFAST_TRUTH_SEED'] ?? 'fixed'

for (const [name, kind] of Object.entries(TRUTH_KINDS))
  test(`${name}: thousands of entries are as its own driver has them (seed ${SEED})`, async (t) => {
    const isAble = kind.needs.every(hasTool) && (await canMount(kind.driver))
    if (lacks(t, `${kind.needs.join(', ')}, ${kind.driver} mounts`, isAble)) return
    const entries = await compareTruth(kind, await temporaryFolder(t), SEED, {
      imageBytes: 400 * MIB,
      steps: 4000,
      huge: kind.tree.sparse ? 'pieces' : 'none',
    })
    assert.ok(entries > 1500, `${entries} entries`)
  })

for (const [bits, mebibytes] of [
  ['16', 30],
  ['32', 200],
] as const)
  test(`fat${bits}: thousands of entries are as mtools has them (seed ${SEED})`, async (t) => {
    if (lacks(t, 'mtools, mkfs.fat', ['mcopy', 'mkfs.fat'].every(hasTool))) return
    const size = { bits, imageBytes: mebibytes * MIB, steps: bits === '16' ? 900 : 4000 }
    const entries = await compareFatTruth(await temporaryFolder(t), SEED, size)
    assert.ok(entries > (bits === '16' ? 300 : 1500), `${entries} entries`)
  })
