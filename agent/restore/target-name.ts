import { HoldfastError } from '../../core/model/error.ts'

// A file system's usual limit of a name is 255 bytes; room is kept for the temporary name's ending.
const NAME_BYTES = 200

/** One path component that stays where it is put: no separator, no way up, nothing unprintable. */
export function isSafeComponent(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    !/[/\0-\x1f\x7f]/.test(name) &&
    Buffer.byteLength(name) <= NAME_BYTES
  )
}

export function checkTargetName(name: string): void {
  if (isSafeComponent(name)) return
  throw new HoldfastError('target-refused', `"${name}" cannot be the name of a restored disk`, {
    hint: `Give a plain file name: no "/", not "." or "..", at most ${NAME_BYTES} bytes.`,
  })
}

/** Beside the file it becomes; hidden, and told apart by job, so that a rest can be recognised. */
export function temporaryName(file: string, job: string): string {
  return `.${file}.holdfast-${job}`
}

/** Where the old file waits until the new one is safely in its place. */
export function keptName(file: string, job: string): string {
  return `.${file}.holdfast-${job}-old`
}
