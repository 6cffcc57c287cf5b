import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { LAUNCHER, LongRunning } from './long-running.ts'

export interface Asked {
  /** Everything that is written lies below: `server`, `agent`, `images`, `restored`. */
  readonly folder: string
  readonly host: string
  /** Environment of both processes, on top of ours. */
  readonly env?: NodeJS.ProcessEnv
  /** Where the server listens, for one that starts again; free ports otherwise. */
  readonly listen?: readonly [operators: string, agents: string]
  /** The processes are to go on after this one. */
  readonly detached?: boolean
  /** Of the server, beside its folders and ports. */
  readonly serverArguments?: readonly string[]
  /** Of the agent, beside its folders. */
  readonly agentArguments?: readonly string[]
}

/** What a command of the command line said. */
export interface Answer<Document> {
  readonly document: Document
  readonly milliseconds: number
}

/** A server with its embedded PostgreSQL and an agent beside it, on free ports of this machine. */
export class Installation {
  readonly images: string
  readonly restored: string
  readonly operatorFile: string
  readonly server: LongRunning
  readonly #asked: Asked
  #agent: LongRunning | undefined

  private constructor(asked: Asked, server: LongRunning, operatorFile: string) {
    this.#asked = asked
    this.images = path.join(asked.folder, 'images')
    this.restored = path.join(asked.folder, 'restored')
    this.server = server
    this.operatorFile = operatorFile
  }

  get folder(): string {
    return this.#asked.folder
  }

  get serverData(): string {
    return path.join(this.folder, 'server')
  }

  get agentData(): string {
    return path.join(this.folder, 'agent')
  }

  get agent(): LongRunning {
    if (!this.#agent) throw new Error('no agent is running')
    return this.#agent
  }

  static async start(asked: Asked): Promise<Installation> {
    const { folder, env = {}, detached = false, serverArguments = [] } = asked
    const [operators, agents] = asked.listen ?? ['127.0.0.1:0', '127.0.0.1:0']
    for (const name of ['images', 'restored'])
      await mkdir(path.join(folder, name), { recursive: true })
    const data = path.join(folder, 'server')
    const ports = ['--listen', operators, '--agents', agents]
    const { process: server, ready } = await LongRunning.start<{ operatorFile: string }>(
      'server run',
      ['server', 'run', '--data', data, ...ports, ...serverArguments],
      path.join(folder, 'server.log'),
      { env, detached },
    )
    return new Installation(asked, server, ready.operatorFile)
  }

  /** The first time with a token; afterwards the agent knows who it is. */
  async startAgent(): Promise<void> {
    const { document } = await this.holdfast<{ token: string }>(['token', 'create'])
    const { env, detached = false } = this.#asked
    const { process: agent } = await LongRunning.start(
      'agent run',
      this.agentArguments(),
      path.join(this.folder, 'agent.log'),
      { env: { ...env, HOLDFAST_JOIN_TOKEN: document.token }, detached },
    )
    this.#agent = agent
  }

  agentArguments(): string[] {
    const folders = ['--images', this.images, '--restore-root', this.restored]
    const { host, agentArguments = [] } = this.#asked
    const name = ['--data', this.agentData, '--name', host]
    return ['agent', 'run', ...name, ...folders, ...agentArguments]
  }

  /** Runs a command to its end. Throws what it said when it fails. */
  async holdfast<Document>(args: readonly string[]): Promise<Answer<Document>> {
    const startedAt = performance.now()
    const { status, out, err } = await runCommand(args, {
      ...process.env,
      HOLDFAST_OPERATOR: this.operatorFile,
    })
    const milliseconds = performance.now() - startedAt
    if (status !== 0)
      throw new Error(`holdfast ${args.join(' ')} ended with ${status}\n${err}${out}`)
    return { document: JSON.parse(out) as Document, milliseconds }
  }

  /** Lets both processes run on when this one ends. */
  release(): void {
    this.server.release()
    this.#agent?.release()
  }

  async stopAgent(): Promise<void> {
    await this.#agent?.stop()
    this.#agent = undefined
  }

  async stop(): Promise<void> {
    await this.stopAgent()
    await this.server.stop()
  }
}

function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(LAUNCHER, [...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'], env })
  let out = ''
  let err = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, out, err }))
  })
}
