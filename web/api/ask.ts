/*
 * The only way to the server. A failure is the server's own: code, message and hint, as on the
 * command line; no answer at all is `server-unreachable`.
 */

export type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE'

export class Failure extends Error {
  readonly code: string
  readonly hint: string | undefined

  constructor(code: string, message: string, hint?: string) {
    super(message)
    this.code = code
    this.hint = hint
  }
}

export interface Asked {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: object
  readonly signal?: AbortSignal
}

let secret = ''

/** The session's second secret: changes carry it, and no other page knows it. */
export function keepCsrf(csrf: string): void {
  secret = csrf
}

export async function ask<T>(verb: Verb, path: string, asked: Asked = {}): Promise<T> {
  const answer = await send(verb, path, asked)
  if (answer.ok) return (await answer.json()) as T
  throw await failureOf(answer)
}

/** Documents as they come, a line each. */
export async function* lines<T>(path: string, asked: Asked = {}): AsyncGenerator<T> {
  const answer = await send('GET', path, asked)
  if (!answer.ok || !answer.body) throw await failureOf(answer)
  let rest = ''
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    const whole = (rest + text).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) yield documentOf<T>(line)
  }
}

/** A path of the API, its parts encoded: names hold slashes. */
export function pathOf(parts: readonly string[], query: Asked['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  const search = new URLSearchParams(given).toString()
  return `/api/v1/${parts.map(encodeURIComponent).join('/')}${search && `?${search}`}`
}

async function send(verb: Verb, path: string, { query, body, signal }: Asked): Promise<Response> {
  const address = path.startsWith('/api/') ? path : pathOf(path.split('/').filter(Boolean), query)
  try {
    return await fetch(address, {
      method: verb,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(verb === 'GET' ? {} : { 'x-holdfast-csrf': secret }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Failure('server-unreachable', 'The server does not answer.')
  }
}

interface FailureDocument {
  readonly error?: {
    readonly code: string
    readonly message: string
    readonly hint?: string | null
  }
}

async function failureOf(answer: Response): Promise<Failure> {
  const { error } = (await answer.json().catch(() => ({}))) as FailureDocument
  return error
    ? new Failure(error.code, error.message, error.hint ?? undefined)
    : new Failure('internal', `The server answered ${answer.status}.`)
}

function documentOf<T>(line: string): T {
  const document = JSON.parse(line) as T & FailureDocument
  if (document.error && Object.keys(document).length === 1)
    throw new Failure(document.error.code, document.error.message, document.error.hint ?? undefined)
  return document
}
