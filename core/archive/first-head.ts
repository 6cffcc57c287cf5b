import type { FileHead } from './file-sink.ts'
import type { FilePart } from './receive.ts'

export interface Peeked {
  /** Undefined where nothing came but failures and warnings. */
  readonly head: FileHead | undefined
  /** What was read up to it. */
  readonly seen: readonly FilePart[]
  /** All parts, those that were read among them. */
  readonly all: AsyncIterable<FilePart>
}

/** Reads up to the first head: where a file goes can depend on what it is. */
export async function firstHead(parts: AsyncIterable<FilePart>): Promise<Peeked> {
  const iterator = parts[Symbol.asyncIterator]()
  const seen: FilePart[] = []
  let head: FileHead | undefined
  while (head === undefined) {
    const next = await iterator.next()
    if (next.done === true) break
    seen.push(next.value)
    head = next.value.head ?? undefined
  }
  return { head, seen, all: rejoined(seen, iterator) }
}

async function* rejoined(
  seen: readonly FilePart[],
  rest: AsyncIterator<FilePart>,
): AsyncIterable<FilePart> {
  yield* seen
  yield* { [Symbol.asyncIterator]: () => rest }
}
