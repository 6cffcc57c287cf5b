import type { Job } from '../api/documents.ts'
import { bytes } from '../shown/format.ts'
import type { Words } from '../words/words.tsx'

/** What came of a job, as far as it is a figure. */
export function outcomeOf(job: Job, words: Words['job']): [string, string][] {
  const { verification, check, collection, expired } = job
  return [
    ...(verification
      ? fact(words.checked, bytes(verification.checkedBytes)).concat(
          fact(words.damaged, String(verification.damaged.length)),
        )
      : []),
    ...(check
      ? fact(words.compared, bytes(check.comparedBytes)).concat(
          fact(words.differing, String(check.differingChunks)),
        )
      : []),
    ...(collection
      ? fact(words.freed, bytes(collection.freedBytes)).concat(
          fact(words.rewritten, bytes(collection.rewrittenBytes)),
        )
      : []),
    ...(expired === null ? [] : fact(words.expired, String(expired))),
  ]
}

function fact(term: string, value: string): [string, string][] {
  return [[term, value]]
}
