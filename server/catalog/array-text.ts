/** An int8[] sent as text: several times cheaper than the driver's own array parser. */
export function parseNumbers(text: string): number[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(Number)
}
