/* Exchanges TARGET/swap and what lies below it for links to OUTSIDE, over and over, until it is killed. */
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const [target = '', outside = ''] = process.argv.slice(2)

function attempt(run: () => void): void {
  try {
    run()
  } catch {
    // The other side was quicker this time.
  }
}

process.send?.('ready')
for (let round = 0; ; round++) {
  const swap = join(target, 'swap')
  attempt(() => renameSync(swap, join(target, `moved ${round}`)))
  attempt(() => rmSync(join(target, `moved ${round}`), { recursive: true, force: true }))
  attempt(() => symlinkSync(outside, swap))
  attempt(() => rmSync(swap))
  attempt(() => mkdirSync(swap))
  attempt(() => symlinkSync(outside, join(swap, 'deep')))
  attempt(() => rmSync(join(swap, 'deep')))
}
