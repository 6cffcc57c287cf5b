import type { FileHead } from '../../../core/archive/file-sink.ts'
import type { FilePart, Received } from '../../../core/archive/receive.ts'

/**
 * The last file of an archive that lacks something: which, and why. An archive is on its way before
 * that is known, and whoever opens it later has nothing but the archive.
 */
export function notWhole({ failed, warnings }: Received): readonly FilePart[] {
  if (failed.length === 0 && warnings.length === 0) return []
  const lines = [
    'This archive does not hold all that was asked for.',
    '',
    ...failed.map(({ name, error }) => `${name}: ${error.message} (${error.code})`),
    ...warnings,
    '',
  ]
  const data = Buffer.from(lines.join('\n'))
  return [part({ head: headOf(data.length) }), part({ data })]
}

const NAME = 'holdfast-not-whole.txt'

function headOf(sizeBytes: number): FileHead {
  return {
    ...{ path: Buffer.from(NAME), type: 'file', sizeBytes, status: null },
    ...{ target: null, sameAs: null, attributes: [], extents: [], index: 0 },
  }
}

function part(given: Partial<FilePart>): FilePart {
  const none = { head: null, data: null, hole: null, failed: null, warnings: null }
  return { ...none, disk: null, records: null, ...given, part: given.head ? 'head' : 'data' }
}
