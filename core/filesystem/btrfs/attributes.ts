import type { GuestAttribute } from '../file-system.ts'
import { namedItems } from './folder.ts'
import type { Inode } from './inode.ts'
import { ITEM, MAX_OFFSET, type Key } from './key.ts'

/** Names have their namespace, and access lists are as Linux hands them out. */
export async function readAttributes({ subvolume, number }: Inode): Promise<GuestAttribute[]> {
  const found: GuestAttribute[] = []
  const key = (offset: bigint): Key => ({ id: number, type: ITEM.attribute, offset })
  for await (const { data } of subvolume.items.items(key(0n), key(MAX_OFFSET)))
    for (const { name, value } of namedItems(data, `btrfs: inode ${subvolume.id}.${number}`))
      found.push({ name: Buffer.from(name), value: Buffer.from(value) })
  return found
}
