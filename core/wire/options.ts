import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'

/*
 * What both ends of every connection agree on. Everything is said explicitly: the defaults of gRPC
 * (64 KiB of window, 4 MiB of message, keepalive off, retry buffers) fit none of our traffic.
 */

// gRPC would write to standard error by itself; whatever matters reaches us as an error.
setLogVerbosity(logVerbosity.NONE)

/** Largest frame that a sender makes, prefix included, give or take one record. */
export const FRAME_BYTES = 1024 * 1024

/** Above any frame: a record of the largest chunk never touches it, a hostile length does. */
export const MESSAGE_LIMIT_BYTES = 8 * 1024 * 1024

/** Bytes under way on one stream and on one connection: 200 MB/s at 40 ms round trip. */
export const WINDOW_BYTES = 8 * 1024 * 1024

/** Header lists above this are refused before they are parsed. */
export const HEADER_LIMIT_BYTES = 16 * 1024

/** A TLS handshake that takes longer is not one of ours. */
export const HANDSHAKE_LIMIT_MS = 10_000

/** The name that every server's certificate carries, whatever address it is reached by. */
export const SERVER_NAME = 'server.holdfast.internal'

/** A dead peer is found after `timeMs` of silence and `timeoutMs` without an answer: 28 s. */
export interface Keepalive {
  readonly timeMs: number
  readonly timeoutMs: number
}
export const KEEPALIVE: Keepalive = { timeMs: 8_000, timeoutMs: 20_000 }

export function serverOptions(maxStreams: number, keepalive: Keepalive): Record<string, number> {
  return { ...common(keepalive), 'grpc.max_concurrent_streams': maxStreams }
}

export function clientOptions(keepalive: Keepalive): Record<string, number | string> {
  return {
    ...common(keepalive),
    'grpc.keepalive_permit_without_calls': 1,
    'grpc-node.flow_control_window': WINDOW_BYTES,
    // A retry buffer would keep copies of frames and call write callbacks before anything was sent.
    'grpc.enable_retries': 0,
    'grpc.per_rpc_retry_buffer_size': 0,
    'grpc.retry_buffer_size': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.ssl_target_name_override': SERVER_NAME,
    'grpc.enable_http_proxy': 0,
  }
}

function common(keepalive: Keepalive): Record<string, number> {
  return {
    'grpc.max_receive_message_length': MESSAGE_LIMIT_BYTES,
    'grpc.max_send_message_length': MESSAGE_LIMIT_BYTES,
    'grpc.keepalive_time_ms': keepalive.timeMs,
    'grpc.keepalive_timeout_ms': keepalive.timeoutMs,
    'grpc.enable_channelz': 0,
  }
}
