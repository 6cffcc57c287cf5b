import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Extent } from '../model/extent.ts'

/**
 * Node cannot seek for data and holes; perl can, and is an essential package of Debian. Where it is
 * missing `qemu-img map` answers the same; where both are, everything counts as data. The file is
 * handed over as descriptor 3, so that the answer is about the very file that is read.
 */
const SEEK_DATA = 3
const SEEK_HOLE = 4
const ENXIO = 6 // no data from here on
const PERL = `open(my $f, "<&=", 3) or exit 2; my $at = 0;
while (1) {
  my $data = sysseek($f, $at, ${SEEK_DATA});
  if (!defined $data) { exit($! == ${ENXIO} ? 0 : 3) }
  my $hole = sysseek($f, $data, ${SEEK_HOLE});
  exit 3 if !defined $hole;
  print 0 + $data, " ", $hole - $data, "\\n"; $at = $hole;
}`

interface Prober {
  readonly command: string
  readonly arguments: readonly string[]
  readonly line: RegExp
}

const PROBERS: readonly Prober[] = [
  { command: 'perl', arguments: ['-e', PERL], line: /^(\d+) (\d+)$/ },
  {
    command: 'qemu-img',
    arguments: ['map', '--output=json', '-f', 'raw', '/proc/self/fd/3'],
    line: /"start": (\d+), "length": (\d+),.*"data": true/,
  },
]

/**
 * Ranges of an open file that hold data, rising, inside [0, size). What the file system will not
 * tell counts as data: from where a prober stops with an error, all the rest does.
 */
export async function* dataRanges(
  fd: number,
  sizeBytes: number,
  signal?: AbortSignal,
): AsyncIterable<Extent> {
  let at = 0
  for (const prober of PROBERS) {
    const probe = start(prober, fd)
    try {
      for await (const line of lines(probe.output)) {
        signal?.throwIfAborted()
        const range = parse(prober.line.exec(line), at, sizeBytes)
        if (!range) continue
        at = range.offset + range.length
        yield range
      }
      if (await probe.succeeded) return
    } finally {
      probe.stop()
    }
  }
  if (at < sizeBytes) yield { offset: at, length: sizeBytes - at }
}

function parse(match: RegExpExecArray | null, at: number, sizeBytes: number): Extent | undefined {
  if (!match) return undefined
  const offset = Math.max(Number(match[1]), at)
  const end = Math.min(Number(match[1]) + Number(match[2]), sizeBytes)
  return end > offset ? { offset, length: end - offset } : undefined
}

interface Probe {
  readonly output: Readable
  readonly succeeded: Promise<boolean>
  stop(): void
}

function start(prober: Prober, fd: number): Probe {
  const child = spawn(prober.command, prober.arguments, { stdio: ['ignore', 'pipe', 'ignore', fd] })
  const succeeded = new Promise<boolean>((resolve) => {
    child.once('error', () => {
      resolve(false)
    })
    child.once('close', (status) => {
      resolve(status === 0)
    })
  })
  return { output: child.stdout as Readable, succeeded, stop: () => void child.kill('SIGKILL') }
}

async function* lines(output: Readable): AsyncIterable<string> {
  let rest = ''
  for await (const bytes of output) {
    const parts = (rest + String(bytes)).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}
