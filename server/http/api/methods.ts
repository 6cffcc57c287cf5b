import { operatorService } from '../../../core/wire/operator-service.ts'
import { requestSchema, type Schema } from './message-schema.ts'
import { shapeOf } from './message-shape.ts'
import { DOCUMENT_ROUTES, STREAMED_ROUTES, type Call, type Route } from './routes.ts'

/** One call of the API: where it is, what comes in from where, what goes out. */
export interface Method {
  readonly call: Call
  readonly route: Route
  /** Names of messages. */
  readonly request: string
  readonly reply: string
  /** Fields of the request by where they come from. */
  readonly params: Schema
  readonly query: Schema
  readonly body: Schema | undefined
}

export function methods(): readonly Method[] {
  return Object.entries({ ...DOCUMENT_ROUTES, ...STREAMED_ROUTES }).map(([call, route]) =>
    methodOf(call as Call, route),
  )
}

function methodOf(call: Call, route: Route): Method {
  const { request, reply } = messagesOf(call)
  const inPath = pathFields(route.path)
  const known = shapeOf(request).fields.map(({ name }) => name)
  for (const field of inPath)
    if (!known.includes(field)) throw new Error(`${route.path}: ${request} has no field ${field}`)
  const isInPath = (field: string) => inPath.includes(field)
  const rest = withFurther(
    call,
    requestSchema(request, (field) => !isInPath(field)),
  )
  const hasBody = route.verb !== 'GET' && route.verb !== 'DELETE'
  return {
    ...{ call, route, request, reply },
    params: requestSchema(request, isInPath),
    query: hasBody ? NOTHING : rest,
    body: hasBody ? rest : undefined,
  }
}

/** What HTTP alone asks: how the answer is packed. */
const FURTHER: Readonly<Partial<Record<Call, Schema>>> = {
  getFiles: {
    archive: { enum: ['zip', 'tar'], description: 'one archive of all; without it, one file' },
  },
  getReport: { format: { enum: ['csv'], description: 'tables for a spreadsheet' } },
}

function withFurther(call: Call, schema: Schema): Schema {
  const properties = schema['properties'] as Schema
  return { ...schema, properties: { ...properties, ...FURTHER[call] } }
}

const NOTHING: Schema = { type: 'object', additionalProperties: false, properties: {} }

interface LoadedMethod {
  readonly originalName?: string
  readonly requestType: { readonly type: { readonly name: string } }
  readonly responseType: { readonly type: { readonly name: string } }
}

function messagesOf(call: Call): { request: string; reply: string } {
  const all = Object.values(operatorService) as unknown as readonly LoadedMethod[]
  const method = all.find(({ originalName }) => originalName === call)
  if (!method) throw new Error(`the Operator service has no ${call}`)
  return { request: method.requestType.type.name, reply: method.responseType.type.name }
}

function pathFields(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, field = '']) => field)
}
