/*
 * A replica on removable media: one folder, which any file system can hold. docs/replica-media.md has
 * the format.
 *
 *   REPLICA.json              written last: what it is of, its parts with their digests, signed
 *   EXPORT.lines              while it is being written: what of it is there
 *   parts/000/000000.part     blocks, in the order of the disks
 */
export const MEDIA_FORMAT = 1
export const MANIFEST = 'REPLICA.json'
export const JOURNAL = 'EXPORT.lines'
export const PARTS = 'parts'

/** Parts end as soon as they may beyond this: far below what any file system limits files to. */
export const PART_BYTES = 32 * 2 ** 20

const PARTS_OF_A_FOLDER = 1000

export function partFolder(index: number): string {
  return `${PARTS}/${String(Math.floor(index / PARTS_OF_A_FOLDER)).padStart(3, '0')}`
}

export function partPath(index: number): string {
  return `${partFolder(index)}/${String(index).padStart(6, '0')}.part`
}
