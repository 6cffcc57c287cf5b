import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The command line of this checkout, as users start it. */
export const LAUNCHER = path.resolve(import.meta.dirname, '../../bin/holdfast')

const READY_MS = 90_000
const STOP_MS = 60_000

/** `holdfast server run` or `holdfast agent run` as a process of its own. */
export class LongRunning {
  readonly name: string
  readonly pid: number
  readonly #child: ChildProcess

  private constructor(name: string, child: ChildProcess) {
    this.name = name
    this.pid = child.pid ?? 0
    this.#child = child
  }

  /** Starts it and waits for the document that says it is ready. Its log goes to `logFile`. */
  static async start<Ready>(
    name: string,
    args: readonly string[],
    logFile: string,
    { env, detached = false }: { env?: NodeJS.ProcessEnv; detached?: boolean } = {},
  ): Promise<{ process: LongRunning; ready: Ready }> {
    const log = openSync(logFile, 'a')
    const child = spawn(LAUNCHER, [...args, '--json'], {
      stdio: ['ignore', 'pipe', log],
      env: { ...process.env, ...env },
      detached,
    })
    closeSync(log)
    const started = new LongRunning(name, child)
    try {
      return { process: started, ready: (await started.#ready(logFile)) as Ready }
    } catch (error) {
      await started.stop()
      throw error
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** SIGTERM, and SIGKILL when that is not obeyed. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.isRunning) return
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    const killing = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(killing)
  }

  /** Lets the process run on when this one ends. */
  release(): void {
    this.#child.unref()
    this.#child.stdout?.destroy()
  }

  #ready(logFile: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let said = ''
      const failed = (why: string) => {
        const log = readFileSync(logFile, 'utf8').split('\n').slice(-12).join('\n')
        reject(new Error(`holdfast ${this.name} ${why}\n${said}${log}`))
      }
      const late = setTimeout(() => failed('is not ready in time'), READY_MS)
      this.#child.once('exit', (code) => {
        clearTimeout(late)
        failed(`ended with ${code}`)
      })
      this.#child.stdout?.on('data', (part: Buffer) => {
        said += part.toString()
        if (!said.endsWith('\n}\n')) return
        clearTimeout(late)
        this.#child.removeAllListeners('exit')
        const document = JSON.parse(said) as object
        if ('error' in document) failed('does not start')
        else resolve(document)
      })
    })
  }
}
