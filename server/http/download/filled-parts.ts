import type { FilePart } from '../../../core/archive/receive.ts'
import type { FilePart__Output } from '../../../core/wire/generated/holdfast/v1/FilePart.ts'
import { messages } from '../../../core/wire/lazy-messages.ts'
import { filler } from '../../../core/wire/shape.ts'

const fill = filler(messages, 'holdfast.v1')
const KINDS = ['head', 'data', 'hole', 'failed', 'warnings'] as const

/** Parts as a client would have received them: every field there, and which one it is. */
export async function* filledParts(
  parts: AsyncIterable<FilePart__Output>,
): AsyncIterable<FilePart> {
  for await (const part of parts) {
    const kind = KINDS.find((kind) => part[kind] !== undefined && part[kind] !== null)
    yield { ...fill('FilePart', part), ...(kind ? { part: kind } : {}) }
  }
}
