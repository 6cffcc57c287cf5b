import { HoldfastError } from '../model/error.ts'
import { RECORD_HEADER_BYTES } from './record.ts'
import { readRecordHeader, type RecordHeader } from './record-header.ts'

export interface FoundRecord extends RecordHeader {
  readonly offset: number
  /** Header and stored bytes. */
  readonly totalBytes: number
}

/** The records that `bytes` is made of, without a gap or a rest; 'protocol-violation' otherwise. */
export function* recordsOf(bytes: Buffer): Generator<FoundRecord> {
  for (let at = 0; at < bytes.length;) {
    const header = readRecordHeader(bytes, at)
    if (typeof header === 'string') throw malformed(at, header)
    const totalBytes = RECORD_HEADER_BYTES + header.storedLength
    yield { ...header, offset: at, totalBytes }
    at += totalBytes
  }
}

function malformed(at: number, problem: string): HoldfastError {
  return new HoldfastError('protocol-violation', `Malformed record at byte ${at}: ${problem}`, {
    hint: 'Both ends must run versions that know the same record format.',
  })
}
