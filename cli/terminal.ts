import { createInterface } from 'node:readline/promises'

/** Where a command's words go. Documents and tables to `out`; progress, questions, errors to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Content, to where `out` goes; resolves when there is room for more. */
  bytes(content: Uint8Array): Promise<void>
  /** Somebody is there to answer. */
  readonly canAsk: boolean
  /** Lines on `err` can be painted again. */
  readonly isLive: boolean
  readonly columns: number
  /** Undefined when the input ended instead of an answer. */
  ask(question: string): Promise<string | undefined>
  /** Calls `listener` at ^C in place of ending the process, until the returned function is called. */
  onInterrupt(listener: () => void): () => void
}

const DEFAULT_COLUMNS = 80

export function processTerminal(): Terminal {
  bearThatNobodyReads(process.stdout, () => process.exit())
  bearThatNobodyReads(process.stderr, () => {})
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    bytes: (content) => written(process.stdout, content),
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    isLive: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    columns: process.stderr.columns || DEFAULT_COLUMNS,
    ask,
    onInterrupt(listener) {
      process.on('SIGINT', listener)
      return () => void process.off('SIGINT', listener)
    },
  }
}

// `holdfast point list | head` closes the pipe early: not an error of ours. A server whose log nobody
// reads any more goes on.
function bearThatNobodyReads(stream: NodeJS.WriteStream, then: () => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    then()
  })
}

function written(stream: NodeJS.WriteStream, content: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) =>
    stream.write(content, (error) => (error ? reject(error) : resolve())),
  )
}

async function ask(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await Promise.race([
      lines.question(question),
      new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined))),
    ])
  } finally {
    lines.close()
  }
}
