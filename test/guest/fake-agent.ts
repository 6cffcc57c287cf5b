import { rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'

type Answer = { readonly return: unknown } | { readonly error: { class: string; desc: string } }

/** What a fake guest agent does unlike an honest one, by command; undefined: no answer at all. */
export type Behaviour = Readonly<
  Record<
    string,
    (
      agent: FakeAgent,
      parameters: Record<string, unknown>,
    ) => Answer | undefined | Promise<Answer | undefined>
  >
>

/** As a real one: answers one command after the other, in order, to whoever listens by then. */
export class FakeAgent {
  readonly path: string
  readonly heard: string[] = []
  isFrozen = false
  frozenAt = 0
  thawedAt = 0
  /** Sent to each new client before anything else. */
  greeting: string | Buffer = ''
  readonly #behaviour: Behaviour
  readonly #server: Server
  #client: Socket | undefined
  readonly #inLine: Socket[] = []
  #queue: Promise<void> = Promise.resolve()

  private constructor(path: string, behaviour: Behaviour) {
    this.path = path
    this.#behaviour = behaviour
    this.#server = createServer((client) => {
      client.on('error', () => {})
      this.#inLine.push(client)
      this.#serveNext()
    })
  }

  static async start(t: TestContext, behaviour: Behaviour = {}): Promise<FakeAgent> {
    const agent = new FakeAgent(join(tmpdir(), `fake-agent-${randomUUID()}.sock`), behaviour)
    await new Promise<void>((resolve) => agent.#server.listen(agent.path, resolve))
    t.after(async () => {
      agent.#server.close()
      for (const client of [...agent.#inLine.splice(0), agent.#client]) client?.destroy()
      await rm(agent.path, { force: true })
    })
    return agent
  }

  freeze(): Answer {
    this.isFrozen = true
    this.frozenAt = performance.now()
    return { return: 2 }
  }

  thaw(): Answer {
    const count = this.isFrozen ? 2 : 0
    if (this.isFrozen) this.thawedAt = performance.now()
    this.isFrozen = false
    return { return: count }
  }

  /** As QEMU's socket: one client at a time, the others stand in line. */
  #serveNext(): void {
    if (this.#client) return
    const client = this.#inLine.shift()
    if (client) this.#serve(client)
  }

  #serve(client: Socket): void {
    this.#client = client
    client.on('close', () => {
      this.#client = undefined
      this.#serveNext()
    })
    if (this.greeting.length > 0) client.write(this.greeting)
    let rest = ''
    client.on('data', (data: Buffer) => {
      const lines = (rest + data.toString('latin1')).replaceAll('\xff', '').split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#queue = this.#queue.then(() => this.#run(line))
    })
  }

  async #run(line: string): Promise<void> {
    const { execute, arguments: parameters = {} } = JSON.parse(line) as {
      execute: string
      arguments?: Record<string, unknown>
    }
    if (execute !== 'guest-sync-delimited') this.heard.push(execute)
    const unusual = this.#behaviour[execute]
    const answer = unusual ? await unusual(this, parameters) : this.#honest(execute, parameters)
    if (!answer) return
    const mark = execute === 'guest-sync-delimited' ? '\xff' : ''
    this.#client?.write(Buffer.from(`${mark}${JSON.stringify(answer)}\n`, 'latin1'))
  }

  #honest(command: string, parameters: Record<string, unknown>): Answer {
    switch (command) {
      case 'guest-sync-delimited':
        return { return: parameters['id'] }
      case 'guest-fsfreeze-status':
        return { return: this.isFrozen ? 'frozen' : 'thawed' }
      case 'guest-fsfreeze-freeze':
        return this.freeze()
      case 'guest-fsfreeze-thaw':
        return this.thaw()
      default:
        return notFound(command)
    }
  }
}

export function notFound(command: string): Answer {
  return { error: { class: 'CommandNotFound', desc: `The command ${command} has not been found` } }
}

/** A guest agent that answers the reads of a Linux guest with this command line and this hook. */
export function linuxGuest(commandLine: readonly string[], hook: string): Behaviour {
  const contents = new Map([
    [1000, `${commandLine.join('\0')}\0`],
    [1001, hook],
  ])
  return {
    'guest-get-osinfo': () => ({ return: { id: 'debian' } }),
    'guest-file-open': (_, { path }) => ({ return: path === '/proc/self/cmdline' ? 1000 : 1001 }),
    'guest-file-read': (_, { handle }) => ({
      return: { 'buf-b64': Buffer.from(contents.get(Number(handle)) ?? '').toString('base64') },
    }),
    'guest-file-close': () => ({ return: {} }),
  }
}
