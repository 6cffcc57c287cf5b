import { HoldfastError } from './error.ts'

/**
 * The parts of a path below a folder. What guests wrote is handed out by a server that refuses the
 * impossible; where it is written, what would leave the folder is refused once more.
 */
export function requireSafePath(path: Buffer): Buffer[] {
  if (path.length === 0) return []
  const parts: Buffer[] = []
  for (let start = 0; start <= path.length;) {
    const slash = path.indexOf(0x2f, start)
    const end = slash < 0 ? path.length : slash
    parts.push(path.subarray(start, end))
    start = end + 1
  }
  const isSafe = parts.every(
    (part) => part.length > 0 && !part.includes(0) && !/^\.\.?$/.test(part.toString('latin1')),
  )
  if (isSafe) return parts
  throw new HoldfastError(
    'target-refused',
    `an impossible path: ${JSON.stringify(path.toString('latin1'))}`,
  )
}
