import type { FastifyReply } from 'fastify'
import type { FileHead, FileSink } from '../../../core/archive/file-sink.ts'
import { firstHead } from '../../../core/archive/first-head.ts'
import { receive, type FilePart } from '../../../core/archive/receive.ts'
import { SingleFile } from '../../../core/archive/single-file.ts'
import { TarSink } from '../../../core/archive/tar-sink.ts'
import { ZipSink } from '../../../core/archive/zip-sink.ts'
import { fromFailure, HoldfastError } from '../../../core/model/error.ts'
import { notWhole } from './not-whole.ts'
import { StreamOutput } from './stream-output.ts'

export type ArchiveFormat = 'zip' | 'tar'

export interface Wanted {
  readonly archive: ArchiveFormat | undefined
  readonly paths: readonly Buffer[]
}

/**
 * Files as a browser saves them: one by itself, several or folders in an archive. Nothing is kept
 * here: they are sent as they are read. What fails before the first byte is an answer as any other;
 * afterwards a file ends in a cut connection, an archive in a list of what it lacks.
 */
export async function download(
  parts: AsyncIterable<FilePart>,
  { archive, paths }: Wanted,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const output = new StreamOutput()
  const { head, seen, all } = await firstHead(parts)
  if (!head) throw failureOf(seen)
  if (!archive) requireFile(head)
  const sink = sinkOf(archive, output)
  // Failures cut the stream, which is all that is left to say by then.
  receive(all, sink, archive && notWhole).catch(() => undefined)
  const name = lastName(paths)
  if (!archive) reply.header('content-length', head.sizeBytes)
  return reply
    .type(archive ? TYPES[archive] : 'application/octet-stream')
    .header('cache-control', 'no-store')
    .header('content-disposition', attachment(archive ? `${name}.${archive}` : name))
    .send(output.stream)
}

const TYPES = { zip: 'application/zip', tar: 'application/x-tar' }

function sinkOf(archive: ArchiveFormat | undefined, output: StreamOutput): FileSink {
  if (!archive) return new SingleFile(output)
  return archive === 'tar' ? new TarSink(output) : new ZipSink(output)
}

function failureOf(seen: readonly FilePart[]): HoldfastError {
  const failed = seen.find(({ failed }) => failed?.error)?.failed
  return failed?.error
    ? fromFailure(failed.error)
    : new HoldfastError('path-not-found', 'there is nothing to download')
}

function requireFile({ type }: FileHead): void {
  if (type === 'file') return
  throw new HoldfastError('invalid-argument', `a ${type} is downloaded in an archive`, {
    hint: 'ask with archive=zip or archive=tar',
  })
}

/** What the browser saves it as: of one path its last name, of several a common word. */
function lastName(paths: readonly Buffer[]): string {
  const [only] = paths
  const name = only && paths.length === 1 ? only.toString('utf8').replace(/\/+$/, '') : ''
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1) || 'files'
}

/** RFC 6266: a plain name for old readers, the real one in UTF-8. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\w. -]/g, '_')
  const real = encodeURIComponent(name).replaceAll(/['()*]/g, escaped)
  return `attachment; filename="${plain}"; filename*=UTF-8''${real}`
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
