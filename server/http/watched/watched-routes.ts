import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HoldfastError } from '../../../core/model/error.ts'
import type { Caller } from '../../access/decide.ts'
import type { Database } from '../../catalog/database.ts'
import { readFigures } from '../../catalog/metrics.ts'
import { MetricsPage, type VolumeFigures } from './metrics-page.ts'

export interface WatchedDeps {
  readonly database: Database
  readonly volumes: () => Promise<readonly VolumeFigures[]>
  readonly admit: (request: FastifyRequest) => Promise<Caller>
}

/** For programs that watch: is it alive, can it work, and how it is in figures. */
export function watchedRoutes(
  app: FastifyInstance,
  { database, volumes, admit }: WatchedDeps,
): void {
  const page = new MetricsPage()
  app.get('/healthz', () => ({ ok: true }))
  app.get('/readyz', async () => {
    await database.query('SELECT 1')
    await volumes()
    return { ok: true }
  })
  app.get('/metrics', async (request, reply) => {
    requireWhole(await admit(request))
    const [figures, space] = [await readFigures(database), await volumes().catch(() => [])]
    return reply.type(page.contentType).send(await page.write(figures, space))
  })
}

/** Figures name every data source: whoever sees only some may not have them. */
function requireWhole({ name, sees, role }: Caller): void {
  if (sees === null && role !== 'self-service') return
  throw new HoldfastError(
    'permission-denied',
    `the figures are about the whole, and ${name} has a scope`,
    {
      hint: 'make an operator for the monitoring: `holdfast operator add monitoring --role viewer`',
    },
  )
}
