import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { replayUndoLog } from '../../agent/restore/replay-undo.ts'
import { UndoLog } from '../../agent/restore/undo-log.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { crashDisks } from './crash-disks.ts'
import { runRestore } from '../../agent/restore/restore.ts'
import { namesIn, optionsFor, temporaryFolder } from './harness.ts'
import { PointSource } from './point-source.ts'

const child = new URL('crash-child.ts', import.meta.url).pathname
const OLD = ['the old a', 'the old b']
const FILES = ['web-a.raw', 'web-b.raw']

interface Crash {
  readonly mode: 'original' | 'alternate'
  readonly failpoint: string
  readonly outcome: 'finished' | 'undone'
}

const CRASHES: Crash[] = [
  { mode: 'original', failpoint: 'restore.before-swap=kill', outcome: 'undone' },
  { mode: 'original', failpoint: 'restore.before-swap=kill@2', outcome: 'undone' },
  { mode: 'original', failpoint: 'restore.after-swap=kill', outcome: 'finished' },
  { mode: 'alternate', failpoint: 'restore.before-swap=kill', outcome: 'undone' },
  { mode: 'alternate', failpoint: 'restore.before-swap=kill@2', outcome: 'undone' },
  { mode: 'alternate', failpoint: 'restore.after-swap=kill', outcome: 'finished' },
]

for (const { mode, failpoint, outcome } of CRASHES)
  test(`${mode}: killed at ${failpoint}, the restore is ${outcome} at the next start`, async (t) => {
    const folder = await temporaryFolder(t)
    if (mode === 'original') await writeOld(folder)
    assert.equal(await runChild(folder, mode, failpoint), 'SIGKILL')
    assert.ok((await namesIn(folder)).some((name) => name.includes('.holdfast-job-1')))
    const log = new UndoLog(join(folder, '.undo'))
    const replayed = await replayUndoLog(log, silentLogger)
    const files = FILES.map((name) => join(folder, name))
    assert.deepEqual(replayed, [{ job: 'job-1', outcome, files }])
    await checkFiles(folder, outcome === 'finished' ? 'new' : mode === 'original' ? 'old' : 'none')
    await checkNextRun(folder, log, outcome, files)
    assert.deepEqual(await replayUndoLog(log, silentLogger), [], 'nothing is left to replay')
  })

test('killed while it writes, nothing is left and no tool runs on', async (t) => {
  const folder = await temporaryFolder(t)
  const running = spawn(process.execPath, [child, folder, 'killed-while-writing'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(running.stdout, 'data')
  running.kill('SIGKILL')
  await once(running, 'exit')
  assert.deepEqual(await namesIn(folder), ['.web-a.qcow2.holdfast-job-1'])
  await replayUndoLog(new UndoLog(join(folder, '.undo')), silentLogger)
  assert.deepEqual(await namesIn(folder), [])
  await waitForNoOpener(folder)
})

test('a fault in the swap is undone at once', async (t) => {
  const folder = await temporaryFolder(t)
  await writeOld(folder)
  assert.match(await runChild(folder, 'original', 'restore.before-swap=eio@2'), /^failed/)
  await checkFiles(folder, 'old')
  assert.match(await runChild(folder, 'original', 'restore.after-swap=throw'), /^completed/)
  const log = new UndoLog(join(folder, '.undo'))
  await replayUndoLog(log, silentLogger)
  await checkFiles(folder, 'new')
  assert.deepEqual(await log.jobs(), [])
})

test('a record whose folder became a link is not followed and stays', async (t) => {
  const folder = await temporaryFolder(t)
  await writeOld(folder)
  const elsewhere = await temporaryFolder(t)
  assert.equal(await runChild(folder, 'original', 'restore.before-swap=kill@2'), 'SIGKILL')
  await rename(join(folder, '.undo'), join(elsewhere, 'undo'))
  await rename(folder, `${folder}-moved`)
  t.after(() => rm(`${folder}-moved`, { recursive: true, force: true }))
  await symlink(`${folder}-moved`, folder)
  const log = new UndoLog(join(elsewhere, 'undo'))
  assert.deepEqual(await replayUndoLog(log, silentLogger), [])
  assert.deepEqual(await log.jobs(), ['job-1'])
  await rm(folder)
  await rename(`${folder}-moved`, folder)
  assert.equal((await replayUndoLog(log, silentLogger)).length, 1)
  await checkFiles(folder, 'old')
})

/** A finished restore is told by the job's next run, which moves nothing; an undone one is gone. */
async function checkNextRun(
  folder: string,
  log: UndoLog,
  outcome: string,
  files: string[],
): Promise<void> {
  assert.deepEqual(await log.jobs(), outcome === 'finished' ? ['job-1'] : [])
  if (outcome !== 'finished') return
  const source = new PointSource(crashDisks())
  const again = await runRestore(optionsFor(folder, source, { folder }))
  assert.deepEqual([again.state, again.files], ['completed', files])
  assert.equal(source.requests.length, 0)
  assert.deepEqual(await log.jobs(), [])
}

/** What the child printed, or the signal that ended it. */
async function runChild(folder: string, mode: string, failpoints: string): Promise<string> {
  const running = spawn(process.execPath, [child, folder, mode], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, HOLDFAST_FAILPOINTS: failpoints },
  })
  let said = ''
  running.stdout.on('data', (part: Buffer) => (said += part.toString()))
  const [, signal] = (await once(running, 'close')) as [number | null, string | null]
  return signal ?? said
}

async function writeOld(folder: string): Promise<void> {
  for (const [i, name] of FILES.entries()) await writeFile(join(folder, name), OLD[i]!)
}

async function checkFiles(folder: string, expected: 'old' | 'new' | 'none'): Promise<void> {
  assert.deepEqual(await namesIn(folder), expected === 'none' ? [] : FILES)
  if (expected === 'none') return
  for (const [i, name] of FILES.entries()) {
    const wanted = expected === 'new' ? crashDisks()[i]!.bytes : Buffer.from(OLD[i]!)
    assert.ok((await readFile(join(folder, name))).equals(wanted), `${name} is ${expected}`)
  }
}

/** qemu-nbd ends by itself when its only client is gone. */
async function waitForNoOpener(folder: string): Promise<void> {
  for (;;) {
    const found = await new Promise<string>((resolve) =>
      execFile(
        'sh',
        ['-c', `ls -l /proc/[0-9]*/fd 2>/dev/null | grep -F "${folder}" || true`],
        (_, out) => resolve(out),
      ),
    )
    if (found === '') return
    await wait(50)
  }
}
