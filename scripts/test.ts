/*
 * All that CI runs: `npm test`. Builds, lints, then runs every test file against one PostgreSQL that
 * is shared and not durable. Ends by listing what this machine could not run, and with the count.
 *
 *   npm test                     everything but *.nightly.test.ts
 *   npm test -- test/store       only test files with this in their path; no build, no lint
 *   npm run test:nightly         also what takes long
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { silentLogger } from '../core/runtime/log.ts'
import { startEmbeddedPostgres } from '../server/postgres/embedded-postgres.ts'
import { findTestFiles } from './testing/find-files.ts'
import { type FileResult, runFiles, type RunResult } from './testing/run-files.ts'
import { runStep, type StepResult } from './testing/step.ts'

const LONGEST_SHOWN = 8
const TEST_TIMEOUT_MS = 5 * 60_000
const NIGHTLY_TIMEOUT_MS = 3 * 3_600_000

process.chdir(path.resolve(import.meta.dirname, '..'))
const args = process.argv.slice(2)
const nightly = args.includes('--nightly')
const filters = args.filter((arg) => !arg.startsWith('--'))

async function buildAndLint(): Promise<StepResult[]> {
  const tool = (name: string) => `node_modules/${name}`
  const build = await runStep('build', tool('typescript/bin/tsc'), ['-b'])
  const lint = runStep('lint', tool('eslint/bin/eslint.js'), ['.'])
  const format = runStep('format', tool('prettier/bin/prettier.cjs'), ['--check', '.'])
  return [build, await lint, await format]
}

async function runTests(): Promise<RunResult & { leftOut: string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-test-'))
  const postgres = await startEmbeddedPostgres({
    folder: path.join(folder, 'postgres'),
    log: silentLogger,
    durable: false,
  })
  const leftOutList = path.join(folder, 'left-out')
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void postgres.stop().finally(() => process.exit(1)))
  process.env['HOLDFAST_TEST_POSTGRES'] = postgres.url
  process.env['HOLDFAST_TEST_LEFT_OUT'] = leftOutList
  // Each file is a process that loads the same sources: they are compiled once.
  process.env['NODE_COMPILE_CACHE'] = path.join(folder, 'compiled')
  try {
    const files = findTestFiles({ nightly, filters })
    const timeoutMs = nightly ? NIGHTLY_TIMEOUT_MS : TEST_TIMEOUT_MS
    const result = await runFiles({ files, timeoutMs })
    return { ...result, leftOut: await readLines(leftOutList) }
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function readLines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean).sort()
}

function sayLongest(files: readonly FileResult[]): void {
  const longest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, LONGEST_SHOWN)
  console.log('\nlongest test files:')
  for (const { file, seconds } of longest)
    console.log(`${seconds.toFixed(1).padStart(8)} s  ${file}`)
}

function sayLeftOut(leftOut: readonly string[]): void {
  if (leftOut.length === 0) return
  console.log('\nleft out on this machine:')
  for (const line of leftOut) {
    const [need, name] = line.split('\t')
    console.log(`  needs ${need ?? ''}: ${name ?? ''}`)
  }
}

// A database that is stopping keeps no process alive by itself.
const alive = setInterval(() => {}, 1000)
const steps = filters.length > 0 ? [] : await buildAndLint()
const { passed, failed, files, leftOut } = await runTests()
clearInterval(alive)
sayLongest(files)
sayLeftOut(leftOut)
// As root everything has to run; what is left out there is a hole in the run.
const holes = process.getuid?.() === 0 ? leftOut.length : 0
if (holes > 0) console.log(`\nFAILED  as root nothing may be left out; ${holes} left out`)
const allPassed = passed + steps.filter((step) => step.passed).length
const allFailed = failed + holes + steps.filter((step) => !step.passed).length
process.exitCode = allFailed === 0 && passed > 0 ? 0 : 1
console.log(`\n${allPassed} passed, ${allFailed} failed`)
