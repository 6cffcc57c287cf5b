import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export const HOLDFAST = fileURLToPath(new URL('../../bin/holdfast', import.meta.url))

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A real process of the product; what it says is kept. */
export class Child {
  readonly process: ChildProcess
  #stdout = ''
  #stderr = ''
  readonly #ended: Promise<Ended>

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.process = spawn(HOLDFAST, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.process.stdout?.on('data', (text: Buffer) => (this.#stdout += String(text)))
    this.process.stderr?.on('data', (text: Buffer) => (this.#stderr += String(text)))
    this.#ended = once(this.process, 'close').then(([status, signal]) => ({
      status: status as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }))
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  get stderr(): string {
    return this.#stderr
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  /** Resolves when it printed its one JSON document, or throws when it ended without. */
  async ready<T>(): Promise<T> {
    for (;;) {
      const document = parse<T>(this.#stdout)
      if (document) return document
      const data = this.process.stdout ? once(this.process.stdout, 'data') : this.#ended
      const ended = await Promise.race([data.then(() => undefined), this.#ended])
      if (ended && !parse<T>(this.#stdout))
        throw new Error(`ended with ${ended.status ?? ended.signal}: ${ended.stderr}`)
    }
  }

  end(): Promise<Ended> {
    return this.#ended
  }

  async kill(signal: NodeJS.Signals): Promise<Ended> {
    if (this.isRunning) this.process.kill(signal)
    return this.#ended
  }
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}
