import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import path from 'node:path'
import type { Context } from '../../cli/context.ts'
import { runCommandLine } from '../../cli/program.ts'
import type { Terminal } from '../../cli/terminal.ts'
import type { Clock } from '../../core/runtime/clock.ts'

export const ROOT = path.resolve(import.meta.dirname, '../..')
export const LAUNCHER = path.join(ROOT, 'bin/holdfast')
export const NOW = '2026-11-22T09:30:00.000Z'

export interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** A terminal that keeps what it was told, and answers as planned. */
export class PlannedTerminal implements Terminal {
  readonly canAsk: boolean
  readonly isLive: boolean
  readonly columns = 100
  written = ''
  said = ''
  readonly questions: string[] = []
  readonly #answers: (string | undefined)[]
  readonly #interrupts = new Set<() => void>()

  constructor(plan: { answers?: (string | undefined)[]; isLive?: boolean } = {}) {
    this.canAsk = plan.answers !== undefined
    this.isLive = plan.isLive ?? false
    this.#answers = [...(plan.answers ?? [])]
  }

  out(chunk: string): void {
    this.written += chunk
  }

  async bytes(content: Uint8Array): Promise<void> {
    this.written += Buffer.from(content).toString('latin1')
  }

  err(chunk: string): void {
    this.said += chunk
  }

  async ask(question: string): Promise<string | undefined> {
    this.questions.push(question)
    return this.#answers.shift()
  }

  onInterrupt(listener: () => void): () => void {
    this.#interrupts.add(listener)
    return () => this.#interrupts.delete(listener)
  }

  /** ^C; how many listened. */
  interrupt(): number {
    for (const listener of this.#interrupts) listener()
    return this.#interrupts.size
  }
}

/** Stands still until told; sleeping takes no time but moves it on. */
export class PlannedClock implements Clock {
  ms = Date.parse(NOW)

  now(): number {
    return this.ms
  }

  monotonic(): number {
    return this.ms
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.ms += ms
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export function contextOf(
  terminal: Terminal,
  more: { env?: Context['env']; end?: (status: number) => void; clock?: Clock } = {},
): Context {
  const { env = {}, end = () => {}, clock = new PlannedClock() } = more
  return { env, clock, terminal, end }
}

/** The command line inside this process: saves the start of one each time. */
export async function runHere(
  args: readonly string[],
  env: Context['env'] = {},
  clock: Clock = new PlannedClock(),
): Promise<Ended> {
  const terminal = new PlannedTerminal()
  let status: number | null = null
  await runCommandLine(args, contextOf(terminal, { env, clock, end: (given) => (status = given) }))
  return { status, out: terminal.written, err: terminal.said }
}

/** The real command in a process of its own. */
export async function runProcess(
  args: readonly string[],
  env: Record<string, string | undefined> = {},
  command = LAUNCHER,
): Promise<Ended> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close') as Promise<[number | null]>
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { status, out, err }
}
