import { blocksWith, type Structure } from './structure.ts'

export function ntfsStructures(image: Buffer): Structure[] {
  const found: Structure[] = [{ sort: 'boot sector', offset: 11, length: 73 }]
  const add = (sort: string, step: number, mark: string, length: number) => {
    for (const offset of blocksWith(image, step, mark))
      found.push({ sort, offset, length, repair: repairFixups })
  }
  add('record', 1024, 'FILE', 1024)
  add('index', 4096, 'INDX', 4096)
  add('restart', 4096, 'RSTR', 4096)
  add('log page', 4096, 'RCRD', 4096)
  return found
}

/** The last two bytes of each sector have to be the number that the block says. */
function repairFixups(bytes: Buffer): void {
  const array = bytes.readUInt16LE(4)
  if (array + 2 > bytes.length) return
  const number = bytes.readUInt16LE(array)
  for (let at = 510; at < bytes.length; at += 512) bytes.writeUInt16LE(number, at)
}
