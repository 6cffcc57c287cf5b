import type { FilePlace } from './restore-plan.ts'
import type { UndoMove } from './undo-log.ts'

/** A flat VMDK is a small description and a second file with the bytes, named in it. */
export function hasFlatExtent({ format }: FilePlace): boolean {
  return format.driver === 'vmdk' && format.fixed
}

/** As QEMU names the second file: "-flat" goes before what follows the last dot. */
export function flatName(file: string): string {
  const dot = file.lastIndexOf('.')
  return `${file.slice(0, dot)}-flat${file.slice(dot)}`
}

/** The files that a place is written into before it gets its name. */
export function temporariesOf(place: FilePlace): string[] {
  const { temporary } = place
  return hasFlatExtent(place) ? [flatName(temporary), temporary] : [temporary]
}

/** The description moves last: until it is there, nobody takes the rest for a disk. */
export function movesOf(place: FilePlace): UndoMove[] {
  const { temporary, file, kept } = place
  const own = { from: temporary, to: file, kept }
  if (!hasFlatExtent(place)) return [own]
  return [{ from: flatName(temporary), to: flatName(file), kept: undefined }, own]
}
