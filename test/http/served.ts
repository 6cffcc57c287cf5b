import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { addOperatorToken, createOperator } from '../../server/catalog/operators.ts'
import { openHttp } from '../../server/http/open-http.ts'
import { startService, type Service } from '../operator/service.ts'

export interface Answer<Document> {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Undefined where the answer is none. */
  readonly json: Document
}

export interface Refusal {
  readonly error: { readonly code: string; readonly message: string }
}

export interface Served extends Service {
  readonly token: string
  /** Where the server looks for its OpenID provider. */
  readonly openIdFile: string
  readonly url: string
  /** Below /api/v1, as the admin unless the headers say otherwise. */
  readonly ask: <Document = Refusal>(
    verb: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer<Document>>
}

/** The API on a real catalog and store, plain on loopback. */
export async function serve(t: TestContext): Promise<Served> {
  const service = await startService(t)
  const { database, handlers, store } = service
  const ann = await createOperator(database, systemRandom, { name: 'ann', role: 'admin' })
  const { token } = await addOperatorToken(database, systemRandom, ann)
  const openIdFile = join(service.folder, 'openid.json')
  const http = await openHttp({
    ...{ database, handlers, random: systemRandom, clock: systemClock, log: silentLogger },
    ...{
      address: { host: '127.0.0.1', port: 0 },
      tls: undefined,
      volumes: () => store.volumes(),
      openIdFile,
    },
  })
  t.after(() => http.close())
  return {
    ...{ ...service, token, openIdFile, url: http.url },
    ask: async <Document>(
      verb: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = { authorization: `Bearer ${token}` },
    ) => {
      const answer = await fetch(`${http.url}api/v1${path}`, {
        method: verb,
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true
      const json = (isJson ? JSON.parse(text) : undefined) as Document
      return { status: answer.status, headers: answer.headers, text, json }
    },
  }
}
