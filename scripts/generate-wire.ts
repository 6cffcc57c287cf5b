/* Types of the wire out of proto/: `npm run gen`. A test holds what is committed against it. */
import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const out = path.resolve(process.argv[2] ?? path.join(root, 'core/wire/generated'))

await rm(out, { recursive: true, force: true })
const generator = path.join(root, 'node_modules/.bin/proto-loader-gen-types')
const options = ['--longs=Number', '--enums=String', '--defaults', '--oneofs']
const files = ['agent.proto', 'operator.proto']
const { status, stderr } = spawnSync(
  generator,
  [
    ...options,
    '--grpcLib=@grpc/grpc-js',
    '--importFileExtension=.ts',
    `--outDir=${out}`,
    '--includeDirs=proto',
    '--',
    ...files,
  ],
  { cwd: root, encoding: 'utf8' },
)
if (status !== 0) process.stderr.write(stderr)
process.exitCode = status ?? 1
