import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Garbage that may lie about before it is collected: a bound on memory, not on speed. */
const LIMIT_BYTES = 16 * 1024 * 1024

type Collect = (options: { readonly type: 'minor' }) => void

let collect: Collect | undefined
let pending = 0

/**
 * Tells of memory that a message has left behind and that nobody can give back by hand (the copies
 * that gRPC makes). V8 lets hundreds of MiB of it pile up, because the objects themselves are tiny;
 * a collection of young objects frees it in about a millisecond.
 */
export function noteGarbage(bytes: number): void {
  pending += bytes
  if (pending < LIMIT_BYTES) return
  pending = 0
  collect ??= findCollector()
  collect({ type: 'minor' })
}

function findCollector(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}
