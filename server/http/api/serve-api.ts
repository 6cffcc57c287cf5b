import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GetFilesRequest__Output } from '../../../core/wire/generated/holdfast/v1/GetFilesRequest.ts'
import type { Report__Output } from '../../../core/wire/generated/holdfast/v1/Report.ts'
import { reportCsv } from '../../../core/model/report-csv.ts'
import { operatorService, type FilePageMessage } from '../../../core/wire/operator-service.ts'
import type { Filled } from '../../../core/wire/shape.ts'
import type { OperatorHandlers, Caller } from '../../rpc/operator-handlers.ts'
import { download, type ArchiveFormat } from '../download/download.ts'
import { filledParts } from '../download/filled-parts.ts'
import { toDocument, toMessage } from './documents.ts'
import { methods, type Method } from './methods.ts'
import { openApiDocument } from './openapi.ts'
import { STREAMED_ROUTES, type Call } from './routes.ts'
import { asEvents, asLines } from './streams.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once that is known. */
    caller: Caller | undefined
  }
}

export interface ApiDeps {
  readonly handlers: OperatorHandlers
  readonly admit: (request: FastifyRequest) => Promise<Caller>
}

type Documented = (request: unknown, caller: Caller) => Promise<object>
type Streamed = (request: unknown, caller: Caller, signal: AbortSignal) => AsyncIterable<object>

/** Every method of the tables, below the prefix that `app` has. */
export function serveApi(app: FastifyInstance, deps: ApiDeps): void {
  const document = openApiDocument()
  app.get('/openapi.json', () => document)
  app.decorateRequest('caller', undefined)
  for (const method of methods())
    app.route({
      method: method.route.verb,
      url: method.route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      schema: {
        params: method.params,
        querystring: method.query,
        ...(method.body ? { body: method.body } : {}),
      },
      // Nobody learns what a request has wrong before it is known who asks.
      preValidation: async (request) => {
        request.caller = await deps.admit(request)
        if (method.body) request.body ??= {}
      },
      handler: (request, reply) => answer(deps, method, request, reply),
    })
}

async function answer(
  { handlers }: ApiDeps,
  { call, request: message, reply: replyMessage }: Method,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { caller } = request
  if (!caller) throw new Error('a request got here without a caller')
  const given = toMessage(message, {
    ...all(request.query),
    ...all(request.body),
    ...all(request.params),
  })
  if (call === 'getFiles') return files(handlers, given, request, reply)
  if (!(call in STREAMED_ROUTES)) {
    const run = handlers[call] as unknown as Documented
    const document = toDocument(replyMessage, await run(given, caller))
    return isCsv(request) ? asCsv(document as ReportDocument, reply) : document
  }
  const items = (handlers[call] as unknown as Streamed)(given, caller, goneSignal(reply))
  const documents = mapped(items, (item) => toDocument(replyMessage, read(call, item)))
  const isEvents = call === 'watchJob'
  reply.type(isEvents ? 'text/event-stream' : 'application/x-ndjson')
  reply.header('cache-control', 'no-store')
  return reply.send(Readable.from(isEvents ? asEvents(documents) : asLines(documents)))
}

/** Pages of files come as the messages that gRPC sends. */
function read(call: Call, item: object): object {
  if (call !== 'listFiles') return item
  return operatorService.ListFiles.responseDeserialize(item as FilePageMessage)
}

type ReportDocument = Filled<Report__Output>

/** Reports alone ask for it: the schemas refuse it of all others. */
function isCsv({ query }: FastifyRequest): boolean {
  return (query as { format?: string }).format === 'csv'
}

function asCsv(report: ReportDocument, reply: FastifyReply): FastifyReply {
  const name = `holdfast-${report.period}-${report.until.slice(0, 10)}.csv`
  return reply
    .type('text/csv; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(reportCsv(report))
}

/** Aborts when whoever asked has gone. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}

async function files(
  handlers: OperatorHandlers,
  given: object,
  { query, caller }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const wanted = given as GetFilesRequest__Output
  const { archive } = query as { archive?: ArchiveFormat }
  // A zip has no hard links: each name has the content.
  const asked = { ...wanted, repeatLinked: archive === 'zip', records: false }
  const parts = handlers.getFiles(asked, caller!, goneSignal(reply))
  return download(filledParts(parts), { archive, paths: wanted.paths }, reply)
}

function all(part: unknown): Record<string, unknown> {
  return (part ?? {}) as Record<string, unknown>
}

async function* mapped<A, B>(items: AsyncIterable<A>, to: (item: A) => B): AsyncIterable<B> {
  for await (const item of items) yield to(item)
}
