import path from 'node:path'
import { run } from 'node:test'
import type { EventData } from 'node:test'
import { inspect } from 'node:util'

export interface FileResult {
  readonly file: string
  readonly seconds: number
}

export interface RunResult {
  readonly passed: number
  readonly failed: number
  readonly files: readonly FileResult[]
}

export interface RunOptions {
  readonly files: readonly string[]
  /** Of one test, however many it holds. */
  readonly timeoutMs: number
}

/** One more than the processors that CI has: many files wait for leases, timers and guests. */
const CONCURRENT_FILES = 3

/** Runs each file in a process of its own, three at once, and says how each ended. */
export async function runFiles({ files, timeoutMs }: RunOptions): Promise<RunResult> {
  const tally = new Tally()
  const stream = run({
    files: files.map((file) => path.resolve(file)),
    concurrency: CONCURRENT_FILES,
    timeout: timeoutMs,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  for await (const event of stream as AsyncIterable<RunEvent>) {
    if (event.type === 'test:complete') tally.complete(event.data)
    if (event.type === 'test:stdout' || event.type === 'test:stderr') tally.output(event.data)
  }
  tally.showOutput()
  return { passed: tally.passed, failed: tally.failed, files: tally.files }
}

interface Output {
  readonly file?: string | undefined
  readonly message: string
}

type RunEvent =
  | { readonly type: 'test:complete'; readonly data: Completed }
  | { readonly type: 'test:stdout' | 'test:stderr'; readonly data: Output }

type Completed = EventData.TestComplete & { readonly entryFile?: string }

class Tally {
  passed = 0
  failed = 0
  readonly files: FileResult[] = []
  readonly #failedFiles = new Set<string>()
  readonly #outputs = new Map<string, string[]>()

  complete(test: Completed): void {
    const isFile = test.entryFile === undefined && test.name === test.file
    const problem = problemOf(test)
    if (problem === undefined && !isFile) this.passed++
    if (problem !== undefined) this.#fail(test, problem)
    if (isFile) this.#endFile(test)
  }

  output({ file, message }: Output): void {
    if (file === undefined) return
    const lines = this.#outputs.get(file) ?? []
    lines.push(message)
    this.#outputs.set(file, lines)
  }

  /** What failed files wrote, which arrives after they have ended. */
  showOutput(): void {
    for (const file of this.#failedFiles) {
      const lines = this.#outputs.get(file)
      if (lines) console.log(`\n--- output of ${relative(file)}\n${lines.join('').trimEnd()}`)
    }
  }

  #fail(test: Completed, problem: string): void {
    this.failed++
    const file = test.entryFile ?? test.file ?? test.name
    this.#failedFiles.add(file)
    console.log(
      `FAILED  ${relative(file)}: ${test.name === file ? '' : `${test.name}: `}${problem}`,
    )
  }

  #endFile(test: Completed): void {
    const seconds = test.details.duration_ms / 1000
    const file = relative(test.name)
    this.files.push({ file, seconds })
    const word = this.#failedFiles.has(test.name) ? 'FAILED' : 'ok    '
    console.log(`${word} ${seconds.toFixed(1).padStart(6)} s  ${file}`)
  }
}

/** Undefined when it passed, or when only what it holds has failed, which is counted there. */
function problemOf({ details, skip, todo }: Completed): string | undefined {
  // Left-out tests say why through test/support/needs.ts; anything else is a test that nobody runs.
  if (skip !== undefined || todo !== undefined) return 'skipped or to do: remove it or make it run'
  const error = details.error
  if (details.passed || error === undefined) return undefined
  const { failureType, cause, signal, exitCode } = error as Error & Record<string, unknown>
  if (failureType === 'subtestsFailed') return undefined
  if (typeof exitCode === 'number') return `its process ended with ${exitCode}`
  if (typeof signal === 'string') return `its process was ended by ${signal}`
  return inspect(cause ?? error, { depth: 4 })
}

function relative(file: string): string {
  return path.relative(process.cwd(), file)
}
