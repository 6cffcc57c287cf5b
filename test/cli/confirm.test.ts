import assert from 'node:assert/strict'
import test from 'node:test'
import { confirm } from '../../cli/input/confirm.ts'
import { contextOf, PlannedTerminal } from './harness.ts'

const ask = (terminal: PlannedTerminal, yes?: boolean) =>
  confirm(contextOf(terminal), 'Delete this point?', ['p-1 of alpha/web', 'p-2'], yes)

test('what will be touched is named before the question', async () => {
  const terminal = new PlannedTerminal({ answers: ['y'] })
  await ask(terminal)
  assert.equal(terminal.said, '  p-1 of alpha/web\n  p-2\n')
  assert.deepEqual(terminal.questions, ['Delete this point? [y/N] '])
})

test('anything but yes is no, also the end of input', async () => {
  for (const answer of ['', 'n', 'yess', 'maybe', undefined])
    await assert.rejects(ask(new PlannedTerminal({ answers: [answer] })), {
      code: 'confirmation-needed',
    })
  for (const answer of ['y', 'Y', ' yes ', 'YES'])
    await ask(new PlannedTerminal({ answers: [answer] }))
})

test('--yes asks nobody', async () => {
  const terminal = new PlannedTerminal({ answers: [] })
  await ask(terminal, true)
  assert.deepEqual(terminal.questions, [])
})

test('without a terminal nothing is done and the message names what was meant', async () => {
  await assert.rejects(ask(new PlannedTerminal()), {
    code: 'confirmation-needed',
    message: 'Delete this point? p-1 of alpha/web; p-2',
    hint: /--yes/,
  })
})
