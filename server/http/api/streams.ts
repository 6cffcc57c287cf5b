import { toFailure } from '../../../core/model/error.ts'

/*
 * Documents that come one after the other. Once the first byte is out, the status cannot say any
 * more that something failed: the last document does, as `{error}`.
 */

/** For a browser's EventSource: `document` events, then one `end` or `failure`. */
export async function* asEvents(documents: AsyncIterable<object>): AsyncIterable<string> {
  try {
    for await (const document of documents) yield event('document', document)
    yield event('end', {})
  } catch (error) {
    yield event('failure', { error: toFailure(error) })
  }
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

/** A document a line. */
export async function* asLines(documents: AsyncIterable<object>): AsyncIterable<string> {
  try {
    for await (const document of documents) yield `${JSON.stringify(document)}\n`
  } catch (error) {
    yield `${JSON.stringify({ error: toFailure(error) })}\n`
  }
}
