import { HoldfastError } from '../../core/model/error.ts'
import type { PushFrameIn } from '../../core/wire/frame.ts'

/**
 * The frames of an upload without those that only say that the agent is alive (core/wire/idle.ts).
 * An upload that is cut looks to gRPC's server like one that ended, until a moment later: only its
 * last frame proves that it is whole.
 */
export async function* wholePush(
  frames: AsyncIterable<PushFrameIn>,
): AsyncGenerator<PushFrameIn, void, undefined> {
  let ended = false
  for await (const frame of frames) {
    if (ended) throw new HoldfastError('protocol-violation', 'a frame came after the last one')
    if ('runs' in frame && frame.runs.runs.length === 0) continue
    ended = 'end' in frame
    yield frame
  }
  if (!ended) throw new HoldfastError('job-interrupted', 'the upload broke off before its end')
}
