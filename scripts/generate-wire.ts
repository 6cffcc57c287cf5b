/* Types and shapes of the wire out of proto/: `npm run gen`. A test holds what is committed against it. */
import { spawnSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import protobuf from 'protobufjs'

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

// As text: a program that wants five of two hundred messages is faster with it than with the proto files.
const parsed = new protobuf.Root()
parsed.resolvePath = (_, target) => path.join(root, 'proto', path.basename(target))
parsed.loadSync(files, { keepCase: false })
const shapes = JSON.stringify(parsed.toJSON()).replaceAll("'", String.raw`\'`)
await writeFile(
  path.join(out, 'protos.ts'),
  `/** What the proto files say, as protobufjs writes it. */\nexport const PROTOS = '${shapes}'\n`,
)
