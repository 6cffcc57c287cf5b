import { open } from 'node:fs/promises'

const FOOTER_BYTES = 512
const COOKIE = 'conectix'
const TYPE_AT = 60
const TYPE_FIXED = 2

/** Whether a file that is known to be a VHD is a fixed one; its footer lies in the last 512 bytes. */
export async function isFixedVhd(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size < FOOTER_BYTES) return false
    const footer = Buffer.alloc(FOOTER_BYTES)
    await file.read(footer, 0, FOOTER_BYTES, size - FOOTER_BYTES)
    const isFooter = footer.toString('latin1', 0, COOKIE.length) === COOKIE
    return isFooter && footer.readUInt32BE(TYPE_AT) === TYPE_FIXED
  } finally {
    await file.close()
  }
}
