import { blocksWith, type Structure } from './structure.ts'

export function fatStructures(image: Buffer): Structure[] {
  const sector = image.readUInt16LE(11)
  const cluster = sector * image.readUInt8(13)
  const tables = sector * image.readUInt16LE(14)
  const tableSectors = image.readUInt16LE(22) || image.readUInt32LE(36)
  const root = tables + sector * image.readUInt8(16) * tableSectors
  const heap = root + image.readUInt16LE(17) * 32
  const found: Structure[] = [
    { sort: 'boot sector', offset: 11, length: 79 },
    { sort: 'table', offset: tables, length: 1500 },
    { sort: 'folder', offset: root, length: 2048 },
  ]
  // Folders but the root begin with an entry for themselves.
  for (const offset of blocksWith(image.subarray(heap), cluster, '.          '))
    found.push({ sort: 'folder', offset: heap + offset, length: cluster })
  return found
}
