import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { formatAddress, type Address } from '../../core/model/address.ts'
import { Child, type Ended } from './child.ts'
import { runCommand } from './command-line.ts'

interface ServerReady {
  readonly listen: Address
  readonly agents: Address
  readonly operatorFile: string
}

export interface Answer<T = unknown> extends Ended {
  readonly json: T
}

type Env = Readonly<Record<string, string>>

/** A protection server and agents as real processes over mutual TLS, in a folder of their own. */
export class Holdfast {
  readonly folder: string
  server: Child | undefined
  readonly agents = new Map<string, Child>()
  #ready: ServerReady | undefined

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Everything ends with the test. */
  static async create(t: TestContext): Promise<Holdfast> {
    const holdfast = new Holdfast(await mkdtemp(join(tmpdir(), 'holdfast-e2e-')))
    t.after(() => holdfast.#dispose())
    return holdfast
  }

  path(...names: string[]): string {
    return join(this.folder, ...names)
  }

  get images(): string {
    return this.path('images')
  }

  /** Where the server listens, or will, as arguments of a start. */
  get listenArgs(): string[] {
    const at = (address: Address | undefined) => (address ? formatAddress(address) : '127.0.0.1:0')
    return ['--listen', at(this.#ready?.listen), '--agents', at(this.#ready?.agents)]
  }

  /** Starts the server; a further start listens where the first did. */
  async startServer(env: Env = {}, more: readonly string[] = []): Promise<Child> {
    const args = ['server', 'run', '--json', '--data', this.path('server'), ...more]
    this.server = new Child([...args, ...this.listenArgs], env)
    this.#ready = await this.server.ready<ServerReady>()
    return this.server
  }

  /** Starts an agent, enrolling it the first time; its images lie in `images`, or `more` says where. */
  async startAgent(name = 'alpha', env: Env = {}, more?: readonly string[]): Promise<Child> {
    const data = this.path(`agent-${name}`)
    await mkdir(this.images, { recursive: true })
    const args = ['agent', 'run', '--json', '--data', data, '--name', name]
    args.push(...(more ?? ['--images', this.images]))
    if (!this.agents.has(name)) args.push('--join-file', await this.#joinFile(name))
    const agent = new Child(args, env)
    this.agents.set(name, agent)
    await agent.ready()
    return agent
  }

  async #joinFile(name: string): Promise<string> {
    const { token } = (await this.ok<{ token: string }>('token', 'create')).json
    const file = this.path(`join-${name}`)
    await writeFile(file, token, { mode: 0o600 })
    return file
  }

  /** Runs one command with --json to its end. */
  async run<T>(...args: string[]): Promise<Answer<T>> {
    const operator = this.path('server', 'operator.json')
    const ended = await runCommand([...args, '--json', '--operator', operator])
    return { ...ended, json: jsonOf<T>(ended.stdout) }
  }

  /** The same, for what must succeed. */
  async ok<T>(...args: string[]): Promise<Answer<T>> {
    const answer = await this.run<T>(...args)
    if (answer.status === 0) return answer
    const said = `${answer.stderr}${answer.stdout}${this.#serverEnd()}`
    throw new Error(`${args.join(' ')} ended with ${answer.status}: ${said}`)
  }

  /** Why nobody answers, where the server has ended. */
  #serverEnd(): string {
    if (!this.server || this.server.isRunning) return ''
    return `\nthe server has ended: ${this.server.stderr.slice(-4000)}`
  }

  /** Runs one command that asks no server. */
  async local<T>(...args: string[]): Promise<Answer<T>> {
    const ended = await new Child([...args, '--json']).end()
    return { ...ended, json: jsonOf<T>(ended.stdout) }
  }

  /** Runs one command as people do: a process of its own, without --json. */
  async raw(...args: string[]): Promise<Ended> {
    return new Child([...args, '--operator', this.path('server', 'operator.json')]).end()
  }

  /** Resolves once the server knows the data source: agents tell of new images by themselves. */
  async source<T = unknown>(name: string): Promise<T> {
    for (let tries = 0; tries < 100; tries++) {
      const answer = await this.run<T>('source', 'show', name)
      if (answer.status === 0) return answer.json
      await wait(200)
    }
    throw new Error(`${name} did not appear`)
  }

  async #dispose(): Promise<void> {
    for (const agent of this.agents.values()) await agent.kill('SIGTERM')
    await this.server?.kill('SIGTERM')
    await rm(this.folder, { recursive: true, force: true })
  }
}

function jsonOf<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined as T
  }
}
