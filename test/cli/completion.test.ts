import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import test from 'node:test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
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

test('bash offers the values that an option may have', async () => {
  const { out } = await runHere(['completion', 'bash'])
  assert.deepEqual(await offered(out, 'holdfast job list --state fai'), ['failed'])
  assert.deepEqual(await offered(out, 'holdfast job list --state = fai'), ['failed'])
  assert.equal((await offered(out, 'holdfast job list --state =')).length, STATES.length)
  assert.deepEqual(await offered(out, 'holdfast completion f'), ['fish'])
})

test('fish offers commands, options and values', async (t) => {
  if (lacksTool(t, 'fish')) return
  const script = join(await temporaryFolder(t), 'holdfast.fish')
  await writeFile(script, (await runHere(['completion', 'fish'])).out)
  const ask = async (line: string) => {
    const { stdout } = await run('fish', [
      '--no-config',
      '-c',
      `source ${script}; complete -C'${line}'`,
    ])
    return words(stdout.replaceAll(/\t.*$/gm, ''))
  }
  await offersAll(ask)
  assert.ok((await ask('holdfast server run --data ')).includes('package.json'))
  assert.deepEqual(await ask('holdfast job list --limit '), [])
})

test('zsh offers them too, as soon as it is asked', async (t) => {
  if (lacksTool(t, 'zsh')) return
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, '_holdfast'), (await runHere(['completion', 'zsh'])).out)
  await writeFile(join(folder, 'ask'), ASK_ZSH)
  await offersAll(async (line) => {
    const { stdout } = await run('zsh', ['-f', join(folder, 'ask'), folder, line])
    return Array.from(stdout.matchAll(/<(.*)>/g), ([, word = '']) => word).sort()
  })
})

/** A shell of its own with a terminal, that tells what it would complete the line with. */
const ASK_ZSH = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT= ; fpath=($1 \\$fpath); autoload -Uz compinit; compinit -D -u"
zpty -w shell 'compadd () {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a found; builtin compadd -A found "$@"
  for word in $found; do print -r -- " <$IPREFIX$word>"; done
}
tell-end () { print -r -- "[end]" }
comppostfuncs=(tell-end)
bindkey "^I" complete-word
print -r -- "[ready]"'
zpty -r shell told '*print*[[]ready[]]*[[]ready[]]*'
zpty -w -n shell "$2"$'\\t'
zpty -r shell told '*[[]end[]]*'
print -r -- "$told"
zpty -d shell
`

const STATES = [
  ...['cancelled', 'completed', 'completed-with-warnings', 'failed'],
  ...['queued', 'running', 'skipped'],
]

async function offersAll(ask: (line: string) => Promise<string[]>): Promise<void> {
  assert.deepEqual(await ask('holdfast po'), ['point'])
  assert.ok((await ask('holdfast point ')).includes('undelete'))
  assert.ok((await ask('holdfast point list --')).includes('--source'))
  assert.ok((await ask('holdfast sync alpha/a alpha/b --no')).includes('--no-wait'))
  assert.deepEqual(await ask('holdfast job list --state '), STATES)
  assert.deepEqual(await ask('holdfast job list --state=fai'), ['--state=failed'])
  assert.deepEqual(await ask('holdfast completion f'), ['fish'])
}

/** One a line, in order. */
function words(text: string): string[] {
  return text.split('\n').filter(Boolean).sort()
}

test('each shell gets a script that knows each command', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out } = await runHere(['completion', shell])
    for (const path of ['server run', 'point create', 'alert acknowledge', 'debug failpoints'])
      assert.ok(out.includes(path), `${shell}: ${path}`)
  }
})
