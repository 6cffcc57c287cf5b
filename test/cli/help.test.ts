import assert from 'node:assert/strict'
import test from 'node:test'
import type { Command } from 'commander'
import { buildProgram } from '../../cli/program.ts'
import { contextOf, PlannedTerminal, runHere } from './harness.ts'

interface Found {
  readonly path: readonly string[]
  readonly command: Command
}

function commandsBelow(command: Command, path: readonly string[] = []): Found[] {
  return command.commands.flatMap((below) => {
    const here = [...path, below.name()]
    return [{ path: here, command: below }, ...commandsBelow(below, here)]
  })
}

const all = commandsBelow(buildProgram(contextOf(new PlannedTerminal())))
const leaves = all.filter(({ command }) => command.commands.length === 0)

test('every command explains itself and every option of it', async () => {
  assert.ok(leaves.length > 35)
  for (const { path, command } of all) {
    const { status, out, err } = await runHere([...path, '--help'])
    assert.equal(status, 0, path.join(' '))
    assert.equal(err, '')
    assert.match(out, new RegExp(`^Usage: holdfast ${path.join(' ')} `))
    assert.notEqual(command.description(), '', path.join(' '))
    for (const option of command.options) assert.notEqual(option.description, '', option.flags)
  }
})

test('every command takes --json', () => {
  for (const { path, command } of leaves) {
    const json = command.options.some((option) => option.long === '--json')
    assert.ok(json, path.join(' '))
  }
})

test('every command of the contract is there', () => {
  const names = leaves.map(({ path }) => path.join(' '))
  const contract = [
    'server run',
    'server rebuild',
    'server import-replica',
    'agent run',
    'agent export-replica',
    'version',
    'doctor',
    'status',
    'token create',
    ...['list', 'show', 'rename', 'revoke', 'throttle'].map((name) => `host ${name}`),
    ...['list', 'show', 'set', 'move-owner'].map((name) => `source ${name}`),
    'sync',
    ...['create', 'list', 'show', 'compare', 'comment'].map((name) => `point ${name}`),
    ...['protect', 'unprotect', 'delete', 'undelete'].map((name) => `point ${name}`),
    'check',
    'verify',
    'report day',
    'report month',
    'report week',
    'restore',
    ...['list', 'get', 'search', 'restore'].map((name) => `files ${name}`),
    'export',
    ...['list', 'show', 'watch', 'cancel', 'run-again'].map((name) => `job ${name}`),
    ...['show', 'set', 'remove', 'test'].map((name) => `mail ${name}`),
    'event list',
    ...['list', 'show', 'acknowledge', 'test'].map((name) => `alert ${name}`),
    ...['subscribe', 'unsubscribe', 'subscribers'].map((name) => `alert ${name}`),
    ...['status', 'add', 'collect', 'compact'].map((name) => `storage ${name}`),
    ...['history', 'retention-preview', 'confirm-clock'].map((name) => `storage ${name}`),
    ...['create', 'update', 'list', 'show', 'add', 'remove', 'delete'].map(
      (name) => `group ${name}`,
    ),
    ...['list', 'add', 'remove', 'token', 'password'].map((name) => `operator ${name}`),
    ...['list', 'verify'].map((name) => `audit ${name}`),
    'apply',
    'get',
    'completion',
    'console link',
    'debug failpoints',
  ]
  assert.deepEqual([...names].sort(), [...contract].sort())
})
