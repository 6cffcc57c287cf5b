import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Assets, and what lies beside the page: addresses of the console have no dot in their first word. */
const FILE = /^\/(?:assets\/.+|[^/]+\.[^/]+)$/

/**
 * The console's files, as `npm run build:web` made them, looked up as they are asked for: what was built
 * while the server runs is served. Every path that is no file is the one page: it reads the address
 * itself, so that links into the console work. What the API does not have it refuses as it refuses
 * everything.
 */
export async function serveConsole(
  app: FastifyInstance,
  folder = consoleFolder(import.meta.dirname),
): Promise<void> {
  if (folder === undefined) return
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    // Names of assets carry their content's digest; the page itself is asked for each time.
    setHeaders: (reply, path) => {
      void reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  app.get('/*', (request, reply) => {
    const [path = '/'] = request.url.split('?')
    if (path.startsWith('/api/')) return reply.callNotFound()
    return reply.sendFile(FILE.test(path) ? decodeURIComponent(path.slice(1)) : 'index.html')
  })
}

/** `web` beside the compiled output; from source, what was built last, never the source itself. */
function consoleFolder(from: string): string | undefined {
  for (const candidate of [join(from, 'web'), join(from, 'dist', 'web')])
    if (existsSync(join(candidate, 'assets'))) return candidate
  return dirname(from) === from ? undefined : consoleFolder(dirname(from))
}
