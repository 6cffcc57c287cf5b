import type { EventEmitter } from 'node:events'
import type { Command } from 'commander'

/*
 * Manual pages in roff, made from the commands as they are: one of the whole, and one for each of
 * its groups.
 */

export interface ManPage {
  /** Such as `holdfast-point.1`. */
  readonly file: string
  readonly text: string
}

export function manPages(program: Command, version: string): readonly ManPage[] {
  const page = (command: Command, name: string): ManPage => ({
    file: `${name}.1`,
    text: roff(command, name, version),
  })
  const groups = program.commands.map((command) => page(command, `holdfast-${command.name()}`))
  return [page(program, 'holdfast'), ...groups]
}

function roff(command: Command, name: string, version: string): string {
  const title = name.toUpperCase()
  return [
    `.TH ${title} 1 "" "Holdfast ${version}" "Holdfast"`,
    '.SH NAME',
    `${escape(name)} \\- ${escape(command.description())}`,
    ...synopsis(command),
    ...commands(command),
    ...options(command),
    ...closing(command),
    '.SH EXIT STATUS',
    ...tagged('0', 'Done.'),
    ...tagged('1', 'It failed, in whole or for one of several.'),
    ...tagged('2', 'Wrong usage, or a confirmation that nobody gave.'),
    ...tagged('3', 'The server was not reached, or refused the credential.'),
    '',
  ].join('\n')
}

/** The names from the top: `holdfast point create`. */
function wayTo(command: Command): string {
  return command.parent ? `${wayTo(command.parent)} ${command.name()}` : command.name()
}

function synopsis(command: Command): string[] {
  return ['.SH SYNOPSIS', `.B ${escape(wayTo(command))}`, `.RI ${quote(command.usage())}`]
}

function commands(command: Command): string[] {
  if (command.commands.length === 0) return []
  const isWhole = command.parent === null
  const shown = command.commands.flatMap((below) => [
    ...tagged(`${below.name()} ${isWhole ? '' : below.usage()}`.trim(), below.description()),
    ...(isWhole ? [] : nested(below)),
  ])
  const more = isWhole
    ? ['.P', 'Each has a page of its own, such as', '.BR holdfast-point (1).']
    : []
  return ['.SH COMMANDS', ...shown, ...more]
}

/** Options of a command below the page's own. */
function nested(command: Command): string[] {
  return [
    '.RS',
    ...command.options.flatMap(({ flags, description }) => tagged(flags, description)),
    '.RE',
  ]
}

function options(command: Command): string[] {
  if (command.options.length === 0) return []
  const shown = command.options.flatMap(({ flags, description }) => tagged(flags, description))
  return ['.SH OPTIONS', ...shown]
}

/** What `--help` says after its lists. */
function closing(command: Command): string[] {
  let text = ''
  // commander keeps what follows the lists as a listener that writes.
  const listened = command as unknown as EventEmitter
  listened.emit('afterHelp', { error: false, command, write: (more: string) => (text += more) })
  if (text.trim() === '') return []
  return ['.SH NOTES', '.nf', ...text.trim().split('\n').map(escape), '.fi']
}

function tagged(term: string, text: string): string[] {
  return ['.TP', `.B ${escape(term)}`, escape(text)]
}

/** A line that begins with a dot or a quote would be a request; a minus would become a hyphen. */
function escape(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1')
    .replaceAll(/[^\x20-\x7e]/gu, (letter) => `\\[u${hex(letter)}]`)
}

function quote(text: string): string {
  return `"${escape(text).replaceAll('"', '\\(dq')}"`
}

function hex(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
