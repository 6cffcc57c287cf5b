import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/**
 * The console's files, as `npm run build:web` made them. Every path that is no file is the one page:
 * it reads the address itself, so that links into the console work. What the API does not have it
 * refuses as it refuses everything.
 */
export async function serveConsole(app: FastifyInstance): Promise<void> {
  const folder = consoleFolder(import.meta.dirname)
  if (folder === undefined) return
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    preCompressed: true,
    // Names of assets carry their content's digest; the page itself is asked for each time.
    setHeaders: (reply, path) => {
      void reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  app.get('/*', (request, reply) =>
    request.url.startsWith('/api/') ? reply.callNotFound() : reply.sendFile('index.html'),
  )
}

/** `web` beside the compiled output; from source, what was built last, never the source itself. */
function consoleFolder(from: string): string | undefined {
  for (const candidate of [join(from, 'web'), join(from, 'dist', 'web')])
    if (existsSync(join(candidate, 'assets'))) return candidate
  return dirname(from) === from ? undefined : consoleFolder(dirname(from))
}
