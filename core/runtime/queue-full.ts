/**
 * Whether a connection to a Unix socket failed because too many wait there already (EAGAIN): somebody
 * listens, so whoever asks must not take it for gone.
 */
export function isQueueFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
}
