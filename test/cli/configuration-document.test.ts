import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import { buildProgram } from '../../cli/program.ts'
import { contextOf, PlannedTerminal } from './harness.ts'

test('docs/configuration.md has every option of the server and of the agent, and no other', async () => {
  const text = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  const program = buildProgram(contextOf(new PlannedTerminal()))
  for (const [title, name] of [
    ['The server', 'server'],
    ['The agent', 'agent'],
  ] as const) {
    const section = new RegExp(`\n## ${title}\n([^]*?)\n## `).exec(text)?.[1] ?? ''
    const rows = section.split('\n').filter((line) => line.startsWith('| `--'))
    const told = rows.flatMap((row) => row.split('|')[1]?.match(/--[a-z-]+/g) ?? [])
    const run = program.commands
      .find((command) => command.name() === name)
      ?.commands.find((command) => command.name() === 'run')
    const options = run?.options.flatMap(({ long }) => (long && long !== '--json' ? long : []))
    assert.deepEqual(told.sort(), options?.sort(), title)
  }
})
