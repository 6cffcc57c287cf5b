/* Compiles the product into dist/, with the files beside the code that it reads when it runs. */
import { spawnSync } from 'node:child_process'
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { bundle } from './installation/bundle.ts'
import { compressFolder } from './installation/compress-folder.ts'
import { writeManPages } from './installation/man-pages.ts'

const root = path.resolve(import.meta.dirname, '..')
process.chdir(root)

const product = ['core', 'agent', 'server', 'cli']
const tsc = ['node_modules/typescript/bin/tsc', '-b', ...product]
const compiled = spawnSync(process.execPath, tsc, { stdio: 'inherit' })
if (compiled.status !== 0) process.exit(1)

const migrations = 'server/catalog/migrations'
await rm(path.join('dist', migrations), { recursive: true, force: true })
await mkdir(path.join('dist', migrations), { recursive: true })
for (const name of await readdir(migrations))
  await cp(path.join(migrations, name), path.join('dist', migrations, name))

await bundle('dist')

// The web console, with a small copy of each file beside it for browsers that take one.
const page = spawnSync(
  process.execPath,
  ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn'],
  {
    stdio: 'inherit',
  },
)
if (page.status !== 0) process.exit(1)
await compressFolder('dist/web')

await writeManPages('dist/man')

// The launcher runs what is compiled as long as no source is newer than this file.
await writeFile(path.join('dist', 'built'), '')
