import { silentLogger } from '../../core/runtime/log.ts'
import { startEmbeddedPostgres } from '../../server/postgres/embedded-postgres.ts'

/** Run by tests as a process to kill: `node postgres-server.ts FOLDER` prints the address and waits. */
const postgres = await startEmbeddedPostgres({ folder: process.argv[2] ?? '', log: silentLogger })
process.once('SIGTERM', () => {
  void postgres.stop().then(() => process.exit(0))
})
process.stdout.write(`${postgres.url}\n`)
