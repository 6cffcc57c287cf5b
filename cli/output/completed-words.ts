import type { Argument, Command, Option } from 'commander'

/** What may follow once a command is typed so far: `point list` → `--source`, `--host`, ... */
export interface Place {
  readonly path: string
  /** Commands below it, and what an operand may be. */
  readonly names: readonly Word[]
  readonly options: readonly OptionWord[]
  /** A name for commands below it; it takes no operands. */
  readonly isGroup: boolean
}

export interface Word {
  readonly text: string
  readonly description: string
}

export interface OptionWord extends Word {
  /** Such as -o beside --output. */
  readonly short?: string
  /** What follows it: one of these words, a file, or what only its user knows. Absent: nothing does. */
  readonly value?: readonly string[] | 'file' | 'text'
}

export function placesBelow(command: Command, path = ''): Place[] {
  const below = command.commands.map((one) => ({
    text: one.name(),
    description: one.description(),
  }))
  const place = {
    ...{ path, isGroup: below.length > 0 },
    names: [...below, ...command.registeredArguments.flatMap(operands)],
    options: [...command.options.map(optionWord), { text: '--help', description: 'show help' }],
  }
  return [
    place,
    ...command.commands.flatMap((one) => placesBelow(one, `${path} ${one.name()}`.trim())),
  ]
}

function operands({ argChoices, description }: Argument): Word[] {
  return (argChoices ?? []).map((text) => ({ text, description }))
}

function optionWord(option: Option): OptionWord {
  const { long, short, description } = option
  return {
    ...{ text: long ?? short ?? '', description },
    ...(long && short && { short }),
    ...((option.required || option.optional) && { value: valueOf(option) }),
  }
}

function valueOf({ argChoices, flags }: Option): readonly string[] | 'file' | 'text' {
  return argChoices ?? (/<(file|folder|dir|path)/.test(flags) ? 'file' : 'text')
}
