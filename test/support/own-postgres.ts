import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { silentLogger } from '../../core/runtime/log.ts'
import { startEmbeddedPostgres } from '../../server/postgres/embedded-postgres.ts'

/** A durable PostgreSQL that belongs to no server, for servers that share one. Gives its URL. */
export async function ownPostgres(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'))
  const postgres = await startEmbeddedPostgres({ folder, log: silentLogger })
  t.after(async () => {
    await postgres.stop()
    await rm(folder, { recursive: true })
  })
  return postgres.url
}
