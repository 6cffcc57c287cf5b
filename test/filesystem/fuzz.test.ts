import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { FUZZ_IMAGES } from '../support/fuzz/images.ts'
import { runPool, type PoolResult } from '../support/fuzz/pool.ts'
import { imageOfRound } from '../support/fuzz/rounds.ts'
import type { FuzzTarget } from '../support/fuzz/target.ts'
import { canMount } from '../support/image-mount.ts'
import { hasTool, lacks } from '../support/needs.ts'

/*
 * Mutated images of each file system: refused or read, never worse. `npm run fuzz` makes longer runs;
 * HOLDFAST_FUZZ_ONLY (a name), HOLDFAST_FUZZ_ROUNDS and HOLDFAST_FUZZ_SEED choose.
 */

const ROUNDS = Number(process.env['HOLDFAST_FUZZ_ROUNDS'] ?? 400)
const SEED = process.env['HOLDFAST_FUZZ_SEED'] ?? 'fixed'
const ONLY = process.env['HOLDFAST_FUZZ_ONLY']
const KEEP = process.env['HOLDFAST_FUZZ_KEEP'] ?? join(tmpdir(), 'holdfast-fuzz-failures')
const STEP = 50
/** Of every run that has all file systems, whatever becomes of their list. */
const FEWEST_IMAGES = 5000

test(`mutated images are refused or read, never worse (seed ${SEED})`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-fuzz-'))
  t.after(() => rm(folder, { recursive: true }))
  const targets: FuzzTarget[] = []
  const mounts = { kernel: await canMount('kernel'), fuse: await canMount('fuse') }
  for (const { name, kind, needs, mounts: driver, make } of FUZZ_IMAGES) {
    if (ONLY !== undefined && ONLY !== name) continue
    if (lacks(t, `what ${name} is made with`, needs.every(hasTool) && (!driver || mounts[driver])))
      continue
    const image = join(folder, `${name}.img`)
    await mkdir(join(folder, name))
    await make(join(folder, name), image)
    targets.push({ name, kind, image })
  }
  const all = targets.flatMap((target) =>
    Array.from({ length: Math.ceil(ROUNDS / STEP) }, (_, at) => ({
      ...{ target, seed: SEED, from: at * STEP, to: Math.min((at + 1) * STEP, ROUNDS) },
    })),
  )
  if (targets.length === FUZZ_IMAGES.length)
    assert.ok(targets.length * ROUNDS >= FEWEST_IMAGES, `fewer than ${FEWEST_IMAGES} images`)
  const results = await runPool(all)
  await judge(results, targets, (text) => t.diagnostic(text))
})

async function judge(
  results: readonly PoolResult[],
  targets: readonly FuzzTarget[],
  say: (text: string) => void,
): Promise<void> {
  for (const target of targets) {
    const own = results.filter(({ rounds }) => rounds.target === target)
    for (const { failures } of own)
      for (const { round, message } of failures) {
        await mkdir(KEEP, { recursive: true })
        const kept = join(KEEP, `${target.kind}-${target.name}-${round}.gz`)
        await writeFile(kept, gzipSync(await imageOfRound(target, SEED, round)))
        assert.fail(`${target.name}, seed ${SEED}, round ${round}, kept as ${kept}: ${message}`)
      }
    const opened = own.reduce((sum, result) => sum + result.opened, 0)
    say(`${target.name}: ${opened} of ${ROUNDS} could be opened`)
    assert.ok(opened * 2 >= ROUNDS, `${target.name}: only ${opened} of ${ROUNDS} got past opening`)
  }
}
