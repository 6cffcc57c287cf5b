/** `report.txt` → `report (copy).txt`, `report (copy 2).txt`, … as bytes of any encoding. */
export function copyName(name: Buffer, number: number): Buffer {
  const ending = number === 1 ? ' (copy)' : ` (copy ${number})`
  const dot = name.lastIndexOf(0x2e)
  const stem = dot > 0 ? dot : name.length
  const rest = name.subarray(stem)
  // What is cut is the end of the stem: the ending and the number stay readable.
  const room = Math.max(1, MAX_NAME - Buffer.byteLength(ending) - rest.length)
  return Buffer.concat([name.subarray(0, Math.min(stem, room)), Buffer.from(ending), rest])
}

const MAX_NAME = 255

/** Tries before a folder with that many copies is given up. */
export const MOST_COPIES = 1000
