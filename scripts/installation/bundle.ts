import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import { rolldown } from 'rolldown'

/**
 * What runs as a process or a thread of its own. Each finds the others beside itself, as it does where
 * they are not bundled: all files lie in one folder.
 */
const ENTRIES = {
  main: 'cli/main.js',
  'chunk-worker': 'core/chunk/chunk-worker.js',
  'read-worker': 'agent/transfer/read-worker.js',
  'freeze-keeper': 'agent/guest/freeze-keeper.js',
  'item-reader': 'server/items/reader/item-reader.js',
}

/**
 * Puts the product's compiled modules in `dist` together into fewer than a hundred files in `dist/bundle`: Node
 * takes longer to find and link six hundred than most commands run. Packages of others stay where npm
 * has put them.
 */
export async function bundle(dist: string): Promise<void> {
  const target = path.join(dist, 'bundle')
  await rm(target, { recursive: true, force: true })
  const input = Object.fromEntries(
    Object.entries(ENTRIES).map(([name, file]) => [name, path.resolve(dist, file)]),
  )
  const bundled = await rolldown({
    input,
    platform: 'node',
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
  })
  await bundled.write({
    dir: target,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  })
  await bundled.close()
  await cp(path.join(dist, MIGRATIONS), path.join(target, 'migrations'), { recursive: true })
}

const MIGRATIONS = 'server/catalog/migrations'
