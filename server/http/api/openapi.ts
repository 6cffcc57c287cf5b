import { VERSION } from '../../../core/model/release.ts'
import { replySchema, type Schema } from './message-schema.ts'
import { reachable } from './message-shape.ts'
import { methods, type Method } from './methods.ts'

const FAILURE = {
  description: 'It failed: code, message and hint as on the command line',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/FailureReply' } } },
}

/** What a reply that is no JSON document is sent as. */
const STREAMS: Readonly<Record<string, string>> = {
  watchJob: 'text/event-stream',
  listFiles: 'application/x-ndjson',
  getFiles: 'application/octet-stream',
  searchFiles: 'application/x-ndjson',
  compareFiles: 'application/x-ndjson',
}

/** The whole API as an OpenAPI 3.1 document, from the tables and schemas that serve it. */
export function openApiDocument(): Schema {
  const all = methods()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const method of all)
    (paths[`/api/v1${method.route.path}`] ??= {})[method.route.verb.toLowerCase()] =
      operation(method)
  const messages = reachable(all.map(({ reply }) => reply))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version: VERSION,
      description: 'Everything that the command line does. Times are ISO 8601 UTC, sizes bytes.',
    },
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'holdfast-session' },
      },
      schemas: {
        ...Object.fromEntries(messages.map((message) => [message, replySchema(message)])),
        FailureReply: {
          type: 'object',
          required: ['error'],
          properties: { error: { $ref: '#/components/schemas/Failure' } },
        },
      },
    },
  }
}

function operation({ call, route, reply, params, query, body }: Method): Schema {
  const type = STREAMS[call] ?? 'application/json'
  const schema = type === 'application/json' ? { $ref: `#/components/schemas/${reply}` } : {}
  return {
    operationId: call,
    summary: route.summary,
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
    ...(body ? { requestBody: { content: { 'application/json': { schema: body } } } } : {}),
    responses: { 200: { description: 'Done', content: { [type]: { schema } } }, default: FAILURE },
  }
}

function parameters({ properties }: Schema, place: 'path' | 'query'): readonly Schema[] {
  return Object.entries(properties as Record<string, Schema>).map(([name, schema]) => ({
    ...{ name, in: place, schema },
    required: place === 'path',
  }))
}
