/**
 * Attributes of this name, which no system has, say that a file has an alternate stream that is too
 * long to be an attribute: it is fetched by its own name, FILE:STREAM.
 */
export const LONG_STREAM = 'holdfast.stream.'

export function isLongStream(name: Buffer): boolean {
  return name.subarray(0, LONG_STREAM.length).toString('latin1') === LONG_STREAM
}
