import { chunkCount } from '../../core/model/geometry.js'
/**
 * Which chunks of a disk must be read. With `changed` (rising byte ranges of a valid change record)
 * only those count and the others are as in the base; without, every chunk that is not wholly
 * inside zero ranges. What `allocation` does not mention is read: doubt means scan.
 */
export function selectChunks(disk, allocation, changed) {
  const allocated = cover(disk, zeroChunks(disk, allocation), 'zero', 'read')
  if (!changed) return allocated
  return overlay(allocated, cover(disk, changedChunks(disk, changed), 'read', 'base'))
}
/** Chunks wholly inside zero ranges: touching ranges count as one, then narrow to whole chunks. */
async function* zeroChunks({ sizeBytes, chunkBytes }, allocation) {
  const zeros = joined(filtered(allocation, (extent) => extent.zero))
  for await (const { start, end } of zeros)
    yield {
      start: Math.ceil(start / chunkBytes),
      end: end >= sizeBytes ? chunkCount(sizeBytes, chunkBytes) : Math.floor(end / chunkBytes),
    }
}
/** Chunks that any changed range touches. */
async function* changedChunks({ sizeBytes, chunkBytes }, changed) {
  for await (const { offset, length } of changed)
    yield {
      start: Math.floor(offset / chunkBytes),
      end: Math.ceil(Math.min(offset + length, sizeBytes) / chunkBytes),
    }
}
async function* filtered(items, keep) {
  for await (const item of items) if (keep(item)) yield item
}
async function* joined(extents) {
  let last
  for await (const { offset, length } of extents) {
    if (last?.end === offset) last.end += length
    else {
      if (last) yield last
      last = { start: offset, end: offset + length }
    }
  }
  if (last) yield last
}
/** Runs over the whole disk: `inside` where a range is (they may overlap), `outside` elsewhere. */
async function* cover({ sizeBytes, chunkBytes }, ranges, inside, outside) {
  let at = 0
  for await (const range of ranges) {
    const start = Math.max(range.start, at)
    if (range.end <= start) continue
    if (start > at) yield { selection: outside, start: at, count: start - at }
    yield { selection: inside, start, count: range.end - start }
    at = range.end
  }
  const end = chunkCount(sizeBytes, chunkBytes)
  if (end > at) yield { selection: outside, start: at, count: end - at }
}
/** `under` where `over` says 'read', else what `over` says. Both cover the same disk. */
async function* overlay(under, over) {
  const lower = under[Symbol.asyncIterator]()
  let current
  try {
    for await (const { selection, start, count } of over) {
      for (let at = start; at < start + count;) {
        while (!current || current.start + current.count <= at) current = await take(lower)
        const end = Math.min(start + count, current.start + current.count)
        const kind = selection === 'read' ? current.selection : selection
        yield { selection: kind, start: at, count: end - at }
        at = end
      }
    }
  } finally {
    await lower.return?.()
  }
}
async function take(runs) {
  const next = await runs.next()
  if (next.done) throw new RangeError('selections cover different disks')
  return next.value
}
//# sourceMappingURL=select-chunks.js.map
