import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../core/runtime/log.ts'
import { startEmbeddedPostgres } from '../../server/postgres/embedded-postgres.ts'

export interface TestPostgres {
  /** What belongs into HOLDFAST_TEST_POSTGRES for test processes to share it. */
  readonly url: string
  stop(): Promise<void>
}

/** A cluster in a temporary folder, not durable, gone when it is stopped. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-pg-'))
  const postgres = await startEmbeddedPostgres({ folder, log: silentLogger, durable: false })
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
