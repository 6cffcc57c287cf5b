import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { HoldfastError } from '../../../core/model/error.ts'
import type { Extent } from '../../../core/model/extent.ts'

/**
 * A range of a file as its file system maps it. `zero`: it reads as zeros. `data`: its bytes lie at
 * `physical` of the file system. `unclear`: nobody can tell from the map what they are.
 */
export interface FileExtent extends Extent {
  readonly kind: 'data' | 'zero' | 'unclear'
  readonly physical: number
}

/**
 * Node has no ioctl; perl does, and is an essential package of Debian. One line an extent, with the
 * kernel's own numbers: logical, physical, length, flags. Without the last line the map is not whole,
 * and what it does not mention would pass for a hole. The structures are those of linux/fiemap.h and
 * linux/fs.h: files of a realtime device have addresses of that device, so that theirs say nothing.
 */
const FIEMAP = 0xc020660b
const FSGETXATTR = 0x801c581f
const REALTIME = 1
const SYNC = 1
const BATCH = 2048
const PERL = `open(my $f, "<&=", 3) or exit 2;
my $x = "\\0" x 28; defined ioctl($f, ${FSGETXATTR}, $x) or exit 3;
exit 4 if unpack("L", $x) & ${REALTIME};
my $at = 0;
while (1) {
  my $map = pack("QQLLLL", $at, ~0, ${SYNC}, 0, ${BATCH}, 0) . ("\\0" x (56 * ${BATCH}));
  defined ioctl($f, ${FIEMAP}, $map) or exit 5;
  my $count = unpack("x20 L", $map);
  my ($out, $flags) = ("", 0);
  for my $n (0 .. $count - 1) {
    my ($logical, $physical, $length);
    ($logical, $physical, $length, $flags) = unpack("x" . (32 + 56 * $n) . " QQQ x16 L", $map);
    $out .= "$logical $physical $length $flags\\n"; $at = $logical + $length;
  }
  print $out;
  last if $count == 0 || $flags & 1;
}
print "end\\n";`

const FLAGS = { LAST: 0x1, UNWRITTEN: 0x800, MERGED: 0x1000, SHARED: 0x2000 } as const
const MEANINGLESS = FLAGS.LAST | FLAGS.MERGED | FLAGS.SHARED

/**
 * Where the bytes of an open file lie: rising, without gap, over exactly [0, size). For files that
 * nobody writes to and that are synced. Throws 'tool-failed' where the whole map cannot be had.
 */
export async function* fileExtents(
  fd: number,
  sizeBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<FileExtent> {
  const child = spawn('perl', ['-e', PERL], { stdio: ['ignore', 'pipe', 'ignore', fd] })
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => {
      resolve(null)
    })
    child.once('close', resolve)
  })
  try {
    yield* covering(parsed(child.stdout as Readable, signal), sizeBytes)
    const status = await ended
    if (status !== 0) throw failure(`its reader ended with ${status ?? 'no start'}`)
  } finally {
    child.kill('SIGKILL')
  }
}

interface Mapped extends Extent {
  readonly physical: number
  readonly flags: number
}

async function* parsed(output: Readable, signal?: AbortSignal): AsyncGenerator<Mapped> {
  let rest = ''
  for await (const bytes of output) {
    signal?.throwIfAborted()
    const lines = (rest + String(bytes)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === 'end') return
      yield parse(line)
    }
  }
  throw failure('it is not whole')
}

const LINE = /^(\d{1,20}) (\d{1,20}) (\d{1,20}) (\d{1,10})$/

function parse(line: string): Mapped {
  const [, offset, physical, length, flags] = (LINE.exec(line) ?? []).map(Number)
  if (offset === undefined || length === undefined || !Number.isSafeInteger(offset + length))
    throw failure(`a line of it is ${JSON.stringify(line)}`)
  return { offset, length, physical: physical ?? NaN, flags: flags ?? NaN }
}

/** Exported for tests: what the kernel told, as ranges that cover the file. */
export async function* covering(
  extents: AsyncIterable<Mapped>,
  sizeBytes: number,
): AsyncGenerator<FileExtent> {
  let at = 0
  for await (const { offset, length, physical, flags } of extents) {
    if (offset < at || length <= 0) throw failure(`it goes back at byte ${offset}`)
    if (offset >= sizeBytes) continue // space that was laid out beyond the end
    if (offset > at) yield hole(at, offset)
    at = Math.min(offset + length, sizeBytes)
    yield { offset, length: at - offset, physical, kind: kindOf(physical, flags) }
  }
  if (at < sizeBytes) yield hole(at, sizeBytes)
}

function kindOf(physical: number, flags: number): FileExtent['kind'] {
  const meaning = flags & ~MEANINGLESS
  if (meaning === FLAGS.UNWRITTEN) return 'zero'
  // Compressed, inline, delayed, of unknown place, or of a kind that did not exist yet.
  return meaning === 0 && Number.isSafeInteger(physical) ? 'data' : 'unclear'
}

function hole(from: number, to: number): FileExtent {
  return { offset: from, length: to - from, physical: 0, kind: 'zero' }
}

function failure(why: string): HoldfastError {
  return new HoldfastError('tool-failed', `the map of a file's extents cannot be read: ${why}`)
}
