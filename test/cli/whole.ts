import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import type { AgentReady } from '../../agent/options.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import type { ServerReady } from '../../server/options.ts'
import { type Ended, LAUNCHER, runHere, runProcess } from './harness.ts'

/** A server and agents as real processes on loopback, driven by the real command. */
export class Whole {
  readonly folder: string
  #server: Running<ServerReady> | undefined
  readonly #agents: Running<AgentReady>[] = []

  static async create(t: TestContext): Promise<Whole> {
    const whole = new Whole(await mkdtemp(path.join(tmpdir(), 'holdfast-whole-')))
    t.after(() => whole.close())
    return whole
  }

  private constructor(folder: string) {
    this.folder = folder
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts)
  }

  async startServer(...more: string[]): Promise<ServerReady> {
    const listeners = ['--listen', '127.0.0.1:0', '--agents', '127.0.0.1:0']
    const args = ['server', 'run', '--data', this.path('server'), ...listeners, ...more]
    const server = await Running.start<ServerReady>(args)
    this.#server = server
    return server.ready
  }

  async stopServer(): Promise<number | null> {
    const status = (await this.#server?.stop()) ?? null
    this.#server = undefined
    return status
  }

  /** Joins by a token on its first start; `name` is also its data folder. */
  async startAgent(name: string, ...more: string[]): Promise<AgentReady> {
    const { out } = await this.run('token', 'create')
    const env = { HOLDFAST_JOIN_TOKEN: out.trim() }
    const args = ['agent', 'run', '--data', this.path(name), '--name', name, ...more]
    const agent = await Running.start<AgentReady>(args, env)
    this.#agents.push(agent)
    return agent.ready
  }

  /** The real command in a process of its own. */
  run(...args: string[]): Promise<Ended> {
    return runProcess(args, this.#credential)
  }

  get #credential() {
    return { HOLDFAST_OPERATOR: this.path('server', 'operator.json') }
  }

  /** The document that a command prints, and its exit status; without a process for each. */
  async json<Document>(...args: string[]): Promise<{ status: number | null; document: Document }> {
    const { status, out, err } = await runHere([...args, '--json'], this.#credential, systemClock)
    try {
      return { status, document: JSON.parse(out) as Document }
    } catch {
      throw new Error(`holdfast ${args.join(' ')} ended with ${status} and printed ${out}\n${err}`)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.stop()))
    await this.stopServer()
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** A process that prints one document when it is ready. */
class Running<Ready> {
  readonly ready: Ready
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>

  private constructor(child: ChildProcess, ended: Promise<unknown>, ready: Ready) {
    this.#child = child
    this.#ended = ended
    this.ready = ready
  }

  static async start<Ready>(
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<Running<Ready>> {
    const child = spawn(LAUNCHER, [...args, '--json'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(child, 'close')
    let [out, err] = ['', '']
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk))
    const ready = new Promise<Ready>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        out += chunk
        if (!out.endsWith('}\n')) return
        const document = JSON.parse(out) as object
        // Of its end and what it said on the way, `ended` tells.
        if (!('error' in document)) resolve(document as Ready)
      })
      void ended.then(() => reject(new Error(`${args.join(' ')} ended:\n${err}`)))
    })
    return new Running(child, ended, await ready)
  }

  /** As a service manager stops it; the exit status. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM')
    await this.#ended
    return this.#child.exitCode
  }
}
