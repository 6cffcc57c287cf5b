import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findTool, type SearchPath } from './find-tool.ts'

/**
 * What the kernel says of writers: `free` when nobody has the file open or mapped for writing,
 * `held` when somebody has, `unknown` where it will not say.
 */
export type LeaseAnswer = 'free' | 'held' | 'unknown'

const F_SETLEASE = 1024
const F_RDLCK = 0
const F_UNLCK = 2
const EAGAIN = 11
const PATIENCE_MS = 10_000

/**
 * The kernel grants a read lease only while nobody has the file open for writing, in whichever
 * container, as whichever user, loop devices included. It is given back at once: whoever opens the
 * file in those microseconds waits for so long.
 */
const PERL = `for my $path (@ARGV) {
  my $answer = "unknown";
  if (open(my $f, "<", $path)) {
    if (defined fcntl($f, ${F_SETLEASE}, ${F_RDLCK})) { fcntl($f, ${F_SETLEASE}, ${F_UNLCK}); $answer = "free" }
    elsif ($! == ${EAGAIN}) { $answer = "held" }
  }
  print "$answer\\n";
}`

/** One answer for each path. All `unknown` where there is no perl; leases are for plain files. */
export async function probeLeases(
  paths: readonly string[],
  searchPath: SearchPath,
): Promise<LeaseAnswer[]> {
  const perl = await findTool('perl', searchPath)
  const output = perl === undefined ? '' : await run(perl, paths)
  const answers = output.split('\n')
  return paths.map((_, index) => {
    const answer = answers[index]
    return answer === 'free' || answer === 'held' ? answer : 'unknown'
  })
}

async function run(perl: string, paths: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(perl, ['-e', PERL, '--', ...paths], {
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    })
    return stdout
  } catch {
    return '' // killed, perhaps by the signal that a broken lease sends: nothing is known
  }
}
