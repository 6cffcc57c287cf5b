import type { Command } from 'commander'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** Words that may follow once a command is typed so far: `point list` → `--source`, `--host`, ... */
interface Place {
  readonly path: string
  readonly words: readonly Word[]
  /** A name for commands below it; it takes no operands. */
  readonly isGroup: boolean
}

interface Word {
  readonly text: string
  readonly description: string
}

/** A completion script for one shell, made from the commands as they are. */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesBelow(program, '')
  switch (shell) {
    case 'bash':
      return bash(places)
    case 'zsh':
      return zsh(places)
    case 'fish':
      return fish(places)
  }
}

function placesBelow(command: Command, path: string): Place[] {
  const names = command.commands.map((below) => ({
    text: below.name(),
    description: below.description(),
  }))
  const options = command.options.map(({ long, description }) => ({
    text: long ?? '',
    description,
  }))
  const words = [...names, ...options, { text: '--help', description: 'show help' }]
  const below = command.commands.flatMap((c) => placesBelow(c, `${path} ${c.name()}`.trim()))
  return [{ path, words, isGroup: names.length > 0 }, ...below]
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

function bash(places: readonly Place[]): string {
  const cases = places.map(
    ({ path, words }) =>
      `    ${quote(path)}) listed=${quote(words.map((w) => w.text).join(' '))} ;;`,
  )
  return `# bash completion of holdfast
_holdfast() {
  local listed="" before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${findPlace(places)}
  case "$place" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$listed" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _holdfast holdfast
`
}

function zsh(places: readonly Place[]): string {
  const cases = places.map(({ path, words }) => {
    const listed = words.map(({ text, description }) => quote(`${text}:${description}`))
    return `    ${quote(path)}) listed=(${listed.join(' ')}) ;;`
  })
  return `#compdef holdfast
_holdfast() {
  local -a listed before
  before=("\${(@)words[2,CURRENT-1]}")
${findPlace(places)}
  case "$place" in
${cases.join('\n')}
  esac
  _describe 'holdfast' listed || _files
}
compdef _holdfast holdfast
`
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words, isGroup }) => {
    const when = quote(`__holdfast_at ${isGroup ? 'exactly' : 'within'} ${path}`.trim())
    return words.map(({ text, description }) => {
      const word = text.startsWith('--') ? `-l ${text.slice(2)}` : `-f -a ${text}`
      return `complete -c holdfast -n ${when} ${word} -d ${quote(description)}`
    })
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

/** As one word of any of the three shells. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
