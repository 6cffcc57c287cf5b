import { pathBytes } from '../../core/model/guest-name.ts'
import type { Input } from '../command.ts'
import { wrongUsage } from '../failure.ts'

/** Which files of a point: paths as operands, and what of folders is called so. */
export interface ChoiceOptions {
  readonly disk?: string
  readonly encoded?: boolean
  readonly matching?: readonly string[]
  readonly except?: readonly string[]
}

export const MATCHING = 'what of a folder is called so, such as "/srv/*.log"; may be given again'
export const EXCEPT = 'but for this one of that folder; may be given again'

/** Of many, however many there are. */
export function isByName({ matching = [] }: ChoiceOptions): boolean {
  return matching.length > 0
}

export function requireSomething({ args, options }: Input<ChoiceOptions>): void {
  if (args.length < 2 && !isByName(options)) throw wrongUsage('give a path, or --matching')
  if ((options.except ?? []).length > 0 && !isByName(options))
    throw wrongUsage('--except goes with --matching')
}

export function namedFiles([, ...named]: readonly string[], options: ChoiceOptions) {
  const { matching = [], except = [], encoded = false } = options
  const all = (texts: readonly string[]) => texts.map((text) => pathBytes(text, encoded))
  return { paths: all(named), matching: all(matching), except: all(except) }
}
