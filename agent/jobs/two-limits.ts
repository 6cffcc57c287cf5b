import type { TokenBucket } from '../../core/runtime/token-bucket.ts'

/** What a transfer waits for before it sends. */
export type Throttle = Pick<TokenBucket, 'take'>

/** Both limits hold: the host's, which all its transfers share, and the job's own. */
export function twoLimits(host: Throttle, job: Throttle): Throttle {
  return {
    async take(bytes, signal) {
      await host.take(bytes, signal)
      await job.take(bytes, signal)
    },
  }
}
