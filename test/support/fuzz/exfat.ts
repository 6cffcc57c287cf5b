import type { Structure } from './structure.ts'

export function exfatStructures(image: Buffer): Structure[] {
  const sector = 2 ** image.readUInt8(108)
  const table = image.readUInt32LE(80) * sector
  const heap = image.readUInt32LE(88) * sector
  const cluster = sector << image.readUInt8(109)
  const root = heap + (image.readUInt32LE(96) - 2) * cluster
  const found: Structure[] = [
    bootRegion(sector),
    { sort: 'table', offset: table, length: 1500 },
    { sort: 'folder', offset: root, length: 4096, repair: repairSets },
  ]
  for (let offset = heap; offset + cluster <= image.length; offset += cluster)
    if (image[offset] === 0x85 && image[offset + 32] === 0xc0)
      found.push({ sort: 'folder', offset, length: cluster, repair: repairSets })
  return found
}

/** The sum of eleven sectors, but for flags and the percentage in use, fills the twelfth. */
function bootRegion(sector: number): Structure {
  const repair = (region: Buffer) => {
    let sum = 0
    for (let at = 0; at < sector * 11; at++)
      if (at !== 106 && at !== 107 && at !== 112)
        sum = ((sum & 1) * 0x80000000 + (sum >>> 1) + region[at]!) >>> 0
    for (let at = sector * 11; at < sector * 12; at += 4) region.writeUInt32LE(sum, at)
  }
  return { sort: 'boot region', offset: 0, length: sector * 12, hot: [64, 56], repair }
}

export function repairSets(folder: Buffer): void {
  for (let at = 0; at < folder.length; at += 32) {
    const end = at + 32 * (1 + folder.readUInt8(at + 1))
    if (folder[at] === 0x85 && folder[at + 1]! < 19 && end <= folder.length)
      folder.writeUInt16LE(checksumOfSet(folder.subarray(at, end)), at + 2)
  }
}

export function checksumOfSet(set: Buffer): number {
  let sum = 0
  for (const [at, byte] of set.entries())
    if (at !== 2 && at !== 3) sum = (((sum & 1) << 15) + (sum >> 1) + byte) & 0xffff
  return sum
}
