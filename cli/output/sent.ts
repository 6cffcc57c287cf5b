import { fromFailure } from '../../core/model/error.ts'
import type { Outcome } from '../outcome.ts'
import type { SentMail } from '../reply.ts'
import { renderTable, type Column } from './table.ts'

type Sent = Pick<SentMail, 'address' | 'milliseconds' | 'error'>

/** Who was sent something now, and what became of it: any that failed fails the command. */
export function sentOutcome(results: readonly Sent[]): Outcome {
  return {
    document: results,
    text: renderTable(results, COLUMNS, ''),
    failures: results.flatMap(({ error }) => (error ? [fromFailure(error)] : [])),
  }
}

const COLUMNS: readonly Column<Sent>[] = [
  { title: 'ADDRESS', value: ({ address }) => address },
  { title: 'RESULT', value: ({ error }) => (error ? 'failed' : 'sent') },
  { title: 'MS', value: ({ milliseconds }) => String(milliseconds), align: 'right' },
]
