import { HoldfastError } from '../../model/error.ts'
import { parseNamePattern } from './name-pattern.ts'

/** What is chosen of a folder by its names: all that match, but for some. */
export interface ChosenNames {
  /** An address. */
  readonly folder: Buffer
  has(name: Buffer): boolean
}

const SLASH = 0x2f

/** `matching` are FOLDER/PATTERN; `except` are FOLDER/NAME, the folder written as it is there. */
export function chosenNames(
  matching: readonly Uint8Array[],
  except: readonly Uint8Array[],
): readonly ChosenNames[] {
  const left = except.map(splitPath)
  return matching.map((text) => {
    const { folder, name } = splitPath(text)
    const pattern = parseNamePattern(name)
    const without = new Set(
      left.filter((one) => one.folder.equals(folder)).map((one) => one.name.toString('latin1')),
    )
    const has = (name: Buffer) => pattern.matches(name) && !without.has(name.toString('latin1'))
    return { folder, has }
  })
}

function splitPath(text: Uint8Array): { folder: Buffer; name: Buffer } {
  const path = Buffer.from(text)
  const slash = path.lastIndexOf(SLASH)
  if (slash < 0 || slash === path.length - 1)
    throw new HoldfastError('invalid-argument', `${path.toString()} is no FOLDER/PATTERN`)
  return { folder: path.subarray(0, slash + 1), name: path.subarray(slash + 1) }
}
