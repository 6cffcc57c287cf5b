import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance } from 'fastify'
import { formatAddress, type Address } from '../../core/model/address.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { Random } from '../../core/runtime/random.ts'
import type { Database } from '../catalog/database.ts'
import { guarded } from '../rpc/guarded.ts'
import type { OperatorHandlers } from '../rpc/operator-handlers.ts'
import { failureReply } from './api/failure-reply.ts'
import { serveApi } from './api/serve-api.ts'
import { useValidators } from './api/validators.ts'
import { serveConsole } from './console/serve-console.ts'
import { callerOf } from './session/caller.ts'
import { signInRoutes } from './session/sign-in.ts'
import type { VolumeFigures } from './watched/metrics-page.ts'
import { watchedRoutes } from './watched/watched-routes.ts'

export interface HttpOptions {
  readonly database: Database
  readonly handlers: OperatorHandlers
  readonly random: Random
  readonly clock: Clock
  readonly log: Logger
  readonly address: Address
  /** Names the OpenID provider, where it is there. */
  readonly openIdFile: string
  /** Space of the store, for those who watch. */
  readonly volumes: () => Promise<readonly VolumeFigures[]>
  /** Key and chain, PEM; absent: plain, on loopback. */
  readonly tls: { readonly key: string; readonly chain: string } | undefined
}

export interface Http {
  readonly address: Address
  readonly url: string
  close(): Promise<void>
}

const LARGEST_BODY = 1024 * 1024

/** The console and its API: what a browser reaches. */
export async function openHttp(options: HttpOptions): Promise<Http> {
  const { database, handlers, address, tls } = options
  const app = createApp(options)
  await app.register(cookie)
  await app.register(rateLimit, { global: false, errorResponseBuilder: tooMany })
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    hsts: false,
  })
  await app.register(
    (api, _, done) => {
      serveApi(api, {
        handlers: guarded(database, handlers),
        admit: (request) => callerOf(database, request),
      })
      signInRoutes(api, { ...options, secure: tls !== undefined })
      done()
    },
    { prefix: '/api/v1' },
  )
  watchedRoutes(app, { ...options, admit: (request) => callerOf(database, request) })
  await serveConsole(app)
  const port = await listen(app, address)
  const reached = { host: address.host, port }
  const url = `${tls ? 'https' : 'http'}://${formatAddress(reached)}/`
  return { address: reached, url, close: () => app.close() }
}

/** The page is ours alone: no script, style, frame or connection from anywhere else. */
const POLICY = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

function createApp({ log, tls }: HttpOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: LARGEST_BODY,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
    ...(tls ? { https: { key: tls.key, cert: tls.chain, minVersion: 'TLSv1.2' as const } } : {}),
  }) as unknown as FastifyInstance
  useValidators(app)
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = failureReply(meaningOf(error))
    if (status === 500) log.error('a request failed', { path: request.routeOptions.url, error })
    return reply.status(status).send(body)
  })
  app.setNotFoundHandler((request, reply) => {
    const { status, body } = failureReply(
      new HoldfastError('not-found', `there is no ${request.method} ${request.url}`),
    )
    return reply.status(status).send(body)
  })
  return app
}

/** fastify's own errors: what a request has wrong before a handler sees it. */
function meaningOf(error: unknown): unknown {
  if (error instanceof HoldfastError) return error
  const { validation, statusCode, message } = error as {
    validation?: unknown
    statusCode?: number
    message: string
  }
  if (validation !== undefined || (statusCode !== undefined && statusCode < 500))
    return new HoldfastError(statusCode === 429 ? 'too-many-attempts' : 'invalid-argument', message)
  return error
}

function tooMany(): Error {
  return new HoldfastError('too-many-attempts', 'too many attempts from this address', {
    hint: 'wait a minute',
  })
}

async function listen(app: FastifyInstance, { host, port }: Address): Promise<number> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new HoldfastError(
        'port-taken',
        `another program listens on ${formatAddress({ host, port })} already`,
        {
          hint: 'choose another address with --console',
          cause,
        },
      )
    throw cause
  }
  const bound = app.server.address()
  return typeof bound === 'object' && bound ? bound.port : port
}
