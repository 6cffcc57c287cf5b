import { HoldfastError } from '../model/error.ts'

/** The image contradicts itself. `what` says where and how: `ext4: inode 12 has extents at depth 9`. */
export function damaged(what: string): HoldfastError {
  return new HoldfastError('filesystem-damaged', what, {
    hint: 'Other files and folders may still be readable, as may other points; `holdfast export` gives the whole disk to repair tools.',
  })
}

/** Nothing is wrong with the image, but this reader cannot read it. */
export function unsupported(what: string): HoldfastError {
  return new HoldfastError('filesystem-unsupported', what, {
    hint: 'Use `holdfast export` to hand the disk to a system that can read it.',
  })
}
