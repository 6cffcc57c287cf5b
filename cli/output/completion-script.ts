import type { Command } from 'commander'
import { placesBelow, type OptionWord, type Place, type Word } from './completed-words.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** A completion script for one shell, made from the commands as they are. */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesBelow(program)
  switch (shell) {
    case 'bash':
      return bash(places)
    case 'zsh':
      return zsh(places)
    case 'fish':
      return fish(places)
  }
}

// What was typed before the cursor, without options, names the place; operands end it.
const FIND_PLACE = `  local place="" word
  for word in "\${before[@]}"; do
    case "$word" in -*) continue ;; esac
    case "\${place:+$place }$word" in
      KNOWN) place="\${place:+$place }$word" ;;
      *) break ;;
    esac
  done`

function findPlace(places: readonly Place[]): string {
  const known = places.flatMap(({ path }) => (path === '' ? [] : quote(path))).join('|')
  return FIND_PLACE.replace('KNOWN', known)
}

function wordsOf({ names, options }: Place): readonly Word[] {
  return [...names, ...options]
}

/** Cases of `PLACE OPTION`, for what its value is; `told` says what is done then. */
function valueCases(
  places: readonly Place[],
  told: (value: NonNullable<OptionWord['value']>) => string,
): string {
  const cases = places.flatMap(({ path, options }) =>
    options.flatMap(({ text, short, value }) => {
      const typed = [text, short].flatMap((one) => (one ? quote(`${path} ${one}`) : []))
      return value === undefined ? [] : `    ${typed.join('|')}) ${told(value)} ;;`
    }),
  )
  return cases.join('\n')
}

// A word break of bash stands between an option and its value: --state = failed.
function bash(places: readonly Place[]): string {
  const cases = places.map((place) => {
    const listed = wordsOf(place).map(({ text }) => text)
    return `    ${quote(place.path)}) listed=${quote(listed.join(' '))} ;;`
  })
  const told = (value: NonNullable<OptionWord['value']>) =>
    typeof value === 'string'
      ? `listed=""${value === 'text' ? '; compopt +o default 2>/dev/null' : ''}`
      : `listed=${quote(value.join(' '))}`
  return `# bash completion of holdfast
_holdfast() {
  local listed="" typed="\${COMP_WORDS[COMP_CWORD]}" before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${findPlace(places)}
  case "$place" in
${cases.join('\n')}
  esac
  [ "$typed" != = ] || typed=""
  local count=\${#before[@]} last=""
  [ $count -eq 0 ] || last="\${before[count-1]}"
  [ "$last" != = ] || last="\${before[count-2]}"
  case "$place $last" in
${valueCases(places, told)}
  esac
  COMPREPLY=($(compgen -W "$listed" -- "$typed"))
}
complete -o default -F _holdfast holdfast
`
}

function zsh(places: readonly Place[]): string {
  const cases = places.map((place) => {
    const listed = wordsOf(place).map(({ text, description }) => quote(`${text}:${description}`))
    return `    ${quote(place.path)}) listed=(${listed.join(' ')}) ;;`
  })
  const told = (value: NonNullable<OptionWord['value']>) => {
    if (value === 'file') return '_files; return'
    return value === 'text' ? 'return' : `compadd -- ${value.map(quote).join(' ')}; return`
  }
  return `#compdef holdfast
_holdfast() {
  local -a listed before
  before=("\${(@)words[2,CURRENT-1]}")
${findPlace(places)}
  case "$place" in
${cases.join('\n')}
  esac
  local last="\${before[-1]}"
  if [[ "\${words[CURRENT]}" == --*=* ]]; then
    last="\${words[CURRENT]%%=*}"
    compset -P '*='
  fi
  case "$place $last" in
${valueCases(places, told)}
  esac
  _describe 'holdfast' listed || _files
}
# Sourced, it is told of; out of a folder of functions it is called at once.
if [ "$funcstack[1]" = _holdfast ]; then _holdfast "$@"; else compdef _holdfast holdfast; fi
`
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap((place) => {
    const { path, isGroup, names, options } = place
    const when = quote(`__holdfast_at ${isGroup ? 'exactly' : 'within'} ${path}`.trim())
    const line = (word: string, { description }: Word) =>
      `complete -c holdfast -n ${when} ${word} -d ${quote(description)}`
    return [
      ...names.map((name) => line(`-f -a ${name.text}`, name)),
      ...options.map((option) => line(fishOption(option), option)),
    ]
  })
  return `# fish completion of holdfast
function __holdfast_at
  set -l typed (string match -v -- '-*' (commandline -opc)[2..])
  set -l depth (math (count $argv) - 1)
  test (count $typed) -ge $depth; or return 1
  test $argv[1] = within -o (count $typed) -eq $depth; or return 1
  test $depth -eq 0; or test "$typed[1..$depth]" = "$argv[2..]"
end
${lines.join('\n')}
`
}

function fishOption({ text, short, value }: OptionWord): string {
  const named = `-l ${text.slice(2)}${short ? ` -s ${short.slice(1)}` : ''}`
  if (value === undefined) return named
  if (value === 'file') return `${named} -r -F`
  return value === 'text' ? `${named} -x` : `${named} -x -a ${quote(value.join(' '))}`
}

/** As one word of any of the three shells. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
