import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import test from 'node:test'
import { promisify } from 'node:util'
import { runHere } from './harness.ts'

const run = promisify(execFile)

/** What bash would offer for the last word of this line. */
async function offered(script: string, line: string): Promise<string[]> {
  const words = line.split(' ').map((word) => `'${word}'`)
  const ask = `${script}
    COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; COMPREPLY=()
    _holdfast; echo "\${COMPREPLY[@]}"`
  const { stdout } = await run('bash', ['--norc', '-c', ask])
  return stdout.trim().split(' ')
}

test('bash offers commands, then options, also after operands', async () => {
  const { out } = await runHere(['completion', 'bash'])
  assert.deepEqual(await offered(out, 'holdfast po'), ['point'])
  assert.deepEqual(await offered(out, 'holdfast point cre'), ['create'])
  assert.deepEqual(await offered(out, 'holdfast point --json cre'), ['create'])
  assert.deepEqual(await offered(out, 'holdfast restore p-1 --or'), ['--original'])
  assert.deepEqual(await offered(out, 'holdfast sync alpha/a alpha/b --no'), ['--no-wait'])
  assert.ok((await offered(out, 'holdfast point ')).includes('undelete'))
})

test('each shell gets a script that knows each command', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out } = await runHere(['completion', shell])
    for (const path of ['server run', 'point create', 'alert acknowledge', 'debug failpoints'])
      assert.ok(out.includes(path), `${shell}: ${path}`)
  }
})
