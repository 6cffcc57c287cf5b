import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** Serves as a guest agent does, as far as one connection needs it: each command returns its own id. */
const SERVES = `require('node:net').createServer((client) => {
  client.on('error', () => {})
  client.on('data', (data) => {
    for (const line of data.toString('latin1').replaceAll('\\xff', '').split('\\n').filter(Boolean)) {
      const { execute, arguments: parameters } = JSON.parse(line)
      const mark = execute === 'guest-sync-delimited' ? '\\xff' : ''
      client.write(Buffer.from(mark + JSON.stringify({ return: parameters.id ?? {} }) + '\\n', 'latin1'))
    }
  })
}).listen({ path: process.argv[1], backlog: 1 }, () => console.log('listens'))`

/** A Unix socket whose owner, another process, takes no connection until it goes on; its queue is full. */
export class CrowdedSocket {
  readonly path = join(tmpdir(), `crowded-${randomUUID()}.sock`)
  readonly #owner: ChildProcess
  readonly #crowd: Socket[] = []

  private constructor() {
    const stdio = ['ignore', 'pipe', 'inherit'] as const
    this.#owner = spawn(process.execPath, ['-e', SERVES, this.path], { stdio: [...stdio] })
  }

  static async start(t: TestContext): Promise<CrowdedSocket> {
    const crowded = new CrowdedSocket()
    t.after(() => crowded.#end())
    if (crowded.#owner.stdout) await once(crowded.#owner.stdout, 'data')
    crowded.#owner.kill('SIGSTOP')
    await crowded.#fill()
    return crowded
  }

  goOn(): void {
    this.#owner.kill('SIGCONT')
  }

  async #fill(): Promise<void> {
    for (;;) {
      const socket = connect(this.path)
      this.#crowd.push(socket)
      const full = await once(socket, 'connect').then(
        () => false,
        (error: NodeJS.ErrnoException) => error.code === 'EAGAIN',
      )
      if (full) return
    }
  }

  async #end(): Promise<void> {
    for (const socket of this.#crowd) socket.destroy()
    this.#owner.kill('SIGKILL')
    await rm(this.path, { force: true })
  }
}
