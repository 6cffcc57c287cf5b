import assert from 'node:assert/strict'
import test from 'node:test'
import { runHere, runProcess } from './harness.ts'

const WRONG: readonly (readonly [string, RegExp])[] = [
  ['', /a command is missing/],
  ['point', /a command is missing/],
  ['pint', /unknown command 'pint'/],
  ['point lst', /unknown command 'lst'/],
  ['status extra', /too many arguments/],
  ['status --sttrict', /unknown option '--sttrict'/],
  ['point create', /name a data source/],
  ['point create a --from p-1 --disk d', /not both/],
  ['point create --from p-1', /--from needs --disk/],
  ['point create a --disk d', /--disk goes with --from/],
  ['point create --from p-1 --disk d --protect', /does not go with/],
  ['point create a --expires yesterday', /no duration/],
  ['point create a --expires 2020-01-01', /no time to come/],
  ['point list --since noon', /no time/],
  ['point list --state good', /Allowed choices/],
  ['point show', /missing required argument/],
  ['verify', /name points, or --all/],
  ['verify p-1 --all', /name points, or --all/],
  ['restore p-1', /--original, or --to HOST/],
  ['restore p-1 --to beta', /--to needs --path/],
  ['restore p-1 --to beta --path images', /must begin with \//],
  ['restore p-1 --original --to beta', /does not go with --to/],
  ['restore p-1 --original --format raw', /keeps name and format/],
  ['restore p-1 --to beta --path /x --format iso', /Allowed choices/],
  ['restore p-1 --to beta --path /x --even-if-open', /goes with --original/],
  ['restore p-1 --original --rate fast', /no rate/],
  ['token create --ttl soon', /no duration/],
  ['host throttle alpha', /required option '--rate/],
  ['source set alpha/web', /say what to set: --allow-unsettled/],
  ['storage add volume', /begins with \//],
  ['job list --limit 0', /no number above 0/],
  ['completion tcsh', /Allowed choices/],
  ['server run', /required option '--data/],
  ['server run --data d --listen here', /--listen: here is no HOST:PORT/],
  ['server run --data d --advertise a/b', /--advertise: is no name/],
  ['agent run --data d --source web', /--source: web is no NAME=PATH/],
  ['agent run --data d --source ../x=/a', /no NAME=PATH/],
  ['agent run --data d --source w=/a --source w=/b', /declared twice/],
  ['server rebuild --data d', /Write the catalog anew/],
]

test('what cannot be understood ends with 2, before anybody is asked', async () => {
  for (const [line, message] of WRONG) {
    const { status, out, err } = await runHere(line.split(' ').filter(Boolean))
    assert.equal(status, 2, line)
    assert.equal(out, '', line)
    assert.match(err, message, line)
  }
})

test('with --json the error is the document', async () => {
  const { status, out } = await runHere(['verify', '--json'])
  assert.equal(status, 2)
  const expected = { code: 'wrong-usage', message: 'name points, or --all', hint: null }
  assert.deepEqual(JSON.parse(out), { error: expected })
  const unknown = await runHere(['pint', '--json'])
  const document = JSON.parse(unknown.out) as { error: { code: string } }
  assert.equal(document.error.code, 'wrong-usage')
})

test('all problems of a long-running process are told at once', async () => {
  const { err } = await runHere(['server', 'run', '--data', 'd', '--listen', 'x', '--agents', 'y'])
  assert.match(err, /--listen: x is no HOST:PORT; --agents: y is no HOST:PORT/)
})

test('the real process ends with the same status', async () => {
  const { status, out, err } = await runProcess(['point', 'create'])
  assert.deepEqual({ status, out }, { status: 2, out: '' })
  assert.match(err, /^error: name a data source/)
})

test('--version says what version says', async () => {
  const [asked, named] = [await runHere(['--version']), await runHere(['version'])]
  assert.deepEqual(asked, named)
  assert.equal(asked.status, 0)
  assert.match(asked.out, /^holdfast \d/)
  const { status } = await runHere(['--version', 'extra'])
  assert.equal(status, 2)
})
