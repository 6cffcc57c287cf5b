import type { Http2SecureServer, ServerHttp2Session } from 'node:http2'
import { Share } from '../runtime/share.ts'
import { WINDOW_BYTES } from './options.ts'

const MIB = 1024 * 1024

/**
 * What the windows of all uploads let in together, in MiB. Each has enough to fill a link: 1 MiB is
 * 25 MB/s at a round trip of 40 ms.
 */
const ALL_WINDOWS = 16
const WINDOW = { least: 1, most: WINDOW_BYTES / MIB }

/**
 * What arrives waits in memory until an upload is ready for it, as much as its window lets in. One
 * alone has the whole window; several divide it, and their clients are told so.
 */
export function divideWindows(server: Http2SecureServer): void {
  const share = new Share(ALL_WINDOWS, WINDOW)
  const sessions = new Set<ServerHttp2Session>()
  let told = WINDOW_BYTES
  const tell = () => {
    const bytes = roundDown(share.each) * MIB
    if (bytes === told) return
    told = bytes
    for (const session of sessions) announce(session, bytes)
  }
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    if (told !== WINDOW_BYTES) announce(session, told)
  })
  server.on('stream', (stream, headers) => {
    if (!String(headers[':path']).endsWith('/Push')) return
    const leave = share.join()
    stream.once('close', () => {
      leave()
      tell()
    })
    tell()
  })
}

/** To a power of two: not each upload that comes or goes is to be told of. */
function roundDown(count: number): number {
  return 2 ** Math.floor(Math.log2(count))
}

function announce(session: ServerHttp2Session, initialWindowSize: number): void {
  try {
    session.settings({ initialWindowSize })
  } catch {
    // It is closing, or does not say that it heard of the last ones: then those stay.
  }
}
