import type { Input } from '../command.ts'
import { wrongUsage } from '../failure.ts'

/** What a transfer is asked for: data sources by name, or all members of a group. */
export interface TargetOptions {
  readonly group?: string
  readonly wait: boolean
}

export function targetOf(args: readonly string[], { group }: { readonly group?: string }) {
  return { sources: [...new Set(args)], group }
}

export function requireTarget({ args, options }: Input<TargetOptions>): void {
  if (args.length === 0 && options.group === undefined)
    throw wrongUsage('name a data source, or a --group')
}
