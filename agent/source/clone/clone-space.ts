import { statfs } from 'node:fs/promises'

/**
 * A clone holds what its image held: each block that is overwritten afterwards takes room, also in an
 * image that was laid out in full. What works on the image comes first, so that clones are made only
 * where there is plenty of room, and go before there is none.
 */
const SHARES = { plenty: 0.1, scarce: 0.05 } as const
const MOST_BYTES = { plenty: 32 * 2 ** 30, scarce: 16 * 2 ** 30 } as const

/** Whether less is free than `limit` asks for, on the file system that holds `path`. */
export async function isShort(path: string, limit: keyof typeof SHARES): Promise<boolean> {
  const { blocks, bavail, bsize } = await statfs(path)
  const needed = Math.min(blocks * bsize * SHARES[limit], MOST_BYTES[limit])
  return bavail * bsize < needed
}
