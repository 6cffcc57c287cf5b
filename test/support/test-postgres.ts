import { spawn } from 'node:child_process'
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

/** A cluster in a temporary folder, not durable; gone when it is stopped, or this process killed. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-pg-'))
  const postgres = await startEmbeddedPostgres({ folder, log: silentLogger, durable: false })
  endWithThisProcess(postgres.pid, folder)
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

// Waits for the end of its standard input, which is the end of this process, however it came.
const WATCH = `cat > /dev/null
[ "$(head -n 1 "$2/data/postmaster.pid" 2> /dev/null)" = "$1" ] || exit 0
kill -QUIT "$1"
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e "$2/data/postmaster.pid" ] || break; sleep 0.2; done
rm -rf "$2"`

function endWithThisProcess(pid: number | undefined, folder: string): void {
  const watcher = spawn('sh', ['-c', WATCH, 'watch', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watcher.unref()
  // A socket underneath, whatever its type says: it must not keep the process alive either.
  const stdin = watcher.stdin as typeof watcher.stdin & { unref(): void }
  stdin.unref()
}
