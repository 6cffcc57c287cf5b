import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type {
  JobAnswer,
  PointAnswer,
  RestoreAnswer,
  SourceAnswer,
  StartedAnswer,
  VerifyAnswer,
} from './answers.ts'
import type { Child } from './child.ts'
import { type Answer, Holdfast } from './holdfast.ts'

type Env = Readonly<Record<string, string>>

export interface SceneOptions {
  readonly hosts?: readonly string[]
  readonly serverArgs?: readonly string[]
  readonly serverEnv?: Env
}

/** A running Holdfast, and in a few words what most fault tests ask of it. */
export class Scene {
  readonly holdfast: Holdfast
  /** Arguments that each start of the server gets. */
  readonly serverArgs: readonly string[]
  #restores = 0

  private constructor(holdfast: Holdfast, serverArgs: readonly string[]) {
    this.holdfast = holdfast
    this.serverArgs = serverArgs
  }

  /** A server, and an agent for each host, over one folder of images. */
  static async open(t: TestContext, options: SceneOptions = {}): Promise<Scene> {
    return Scene.over(await Holdfast.create(t), options)
  }

  /** The same, where something has to be in its folder first. */
  static async over(
    holdfast: Holdfast,
    { hosts = ['alpha'], serverArgs = [], serverEnv = {} }: SceneOptions = {},
  ): Promise<Scene> {
    const scene = new Scene(holdfast, serverArgs)
    await scene.holdfast.startServer(serverEnv, serverArgs)
    await scene.startAgents(hosts)
    return scene
  }

  /** Only the first host offers the images; the others are there to restore to. */
  async startAgents(hosts: readonly string[] = ['alpha'], env: Env = {}): Promise<void> {
    for (const [index, host] of hosts.entries())
      await this.holdfast.startAgent(host, env, index === 0 ? this.agentArgs : [])
  }

  get agentArgs(): string[] {
    return ['--images', this.holdfast.images]
  }

  /** Path of an image that the first host offers. */
  image(name: string): string {
    return join(this.holdfast.images, name)
  }

  /** What `point create` printed, however it ended. */
  async create(...args: string[]): Promise<Answer<StartedAnswer[]>> {
    return this.holdfast.run<StartedAnswer[]>('point', 'create', ...args)
  }

  /** A point of one data source, which must succeed. */
  async point(source: string, ...more: string[]): Promise<PointAnswer> {
    const answer = await this.holdfast.ok<StartedAnswer[]>('point', 'create', source, ...more)
    const point = answer.json[0]?.point
    assert.ok(point, `a point of ${source}`)
    return point
  }

  /** Restores into a folder of its own; gives what was printed, however it ended. */
  async tryRestore(point: string, more: readonly string[] = [], host = 'alpha') {
    const folder = this.restoreFolder(host)
    const args = ['restore', point, '--to', host, '--path', folder, '--yes', ...more]
    return { folder, answer: await this.holdfast.run<RestoreAnswer>(...args) }
  }

  /** The same, which must succeed; gives the path of its first file. */
  async restored(point: string, more: readonly string[] = [], host = 'alpha'): Promise<string> {
    const { answer } = await this.tryRestore(point, more, host)
    assert.equal(answer.status, 0, `${answer.stderr}${answer.stdout}`)
    const file = answer.json.files[0]
    assert.ok(file)
    return file
  }

  /** A new folder each time, where the host may always restore to. */
  restoreFolder(host = 'alpha'): string {
    return this.holdfast.path(`agent-${host}`, 'restores', `r${++this.#restores}`)
  }

  async verify(...points: string[]): Promise<Answer<VerifyAnswer>> {
    return this.holdfast.run<VerifyAnswer>('verify', ...(points.length > 0 ? points : ['--all']))
  }

  /** Resolves once the server knows all of these data sources. */
  async sources(...names: readonly string[]): Promise<readonly SourceAnswer[]> {
    return this.offered(`sources ${names.join(' ')}`, (all) => {
      const found = names.flatMap((name) => all.find((source) => source.name === name) ?? [])
      return found.length === names.length ? found : undefined
    })
  }

  /** What `choose` finds in the list of sources, once it finds something. */
  offered<T>(what: string, choose: (all: readonly SourceAnswer[]) => T | undefined): Promise<T> {
    return until(what, async () =>
      choose((await this.holdfast.ok<SourceAnswer[]>('source', 'list')).json),
    )
  }

  async restartServer(env: Env = {}, signal: NodeJS.Signals = 'SIGTERM'): Promise<Child> {
    await this.holdfast.server?.kill(signal)
    return this.holdfast.startServer(env, this.serverArgs)
  }

  async restartAgent(env: Env = {}, signal: NodeJS.Signals = 'SIGTERM'): Promise<Child> {
    await this.holdfast.agents.get('alpha')?.kill(signal)
    return this.holdfast.startAgent('alpha', env, this.agentArgs)
  }

  /** The same with further arguments. */
  async restartAgentWith(more: readonly string[]): Promise<Child> {
    await this.holdfast.agents.get('alpha')?.kill('SIGTERM')
    return this.holdfast.startAgent('alpha', {}, [...this.agentArgs, ...more])
  }

  /** The job as it is once `isSo` holds of it. */
  async job(id: string, isSo: (job: JobAnswer) => boolean): Promise<JobAnswer> {
    return until(`job ${id}`, async () => {
      const { json } = await this.holdfast.ok<JobAnswer>('job', 'show', id)
      return isSo(json) ? json : undefined
    })
  }
}

const PATIENCE_MS = 60_000
const POLL_MS = 50

/** Looks again and again until there is an answer. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error(`${what} did not come about`)
    await wait(POLL_MS)
  }
}
