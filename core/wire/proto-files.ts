import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadSync, type Options, type PackageDefinition } from '@grpc/proto-loader'

// The generated types are made with these very options.
const OPTIONS = {
  keepCase: false,
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
} satisfies Options

/** The messages and services of one of the proto files, and of those that it imports. */
export function loadProto(file: 'agent.proto' | 'operator.proto'): PackageDefinition {
  return loadSync(file, { ...OPTIONS, includeDirs: [protoFolder(import.meta.dirname)] })
}

/** From source the proto files lie two folders up, from the compiled output three. */
function protoFolder(from: string): string {
  const folder = join(from, 'proto')
  if (existsSync(join(folder, 'agent.proto'))) return folder
  if (dirname(from) === from) throw new Error('the proto files are missing from this installation')
  return protoFolder(dirname(from))
}
