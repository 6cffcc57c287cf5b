import { spawnSync } from 'node:child_process'
import {
  accessSync,
  appendFileSync,
  constants,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'

/*
 * What a test needs of the machine. What is missing is recorded for the runner, which lists at its
 * end what was left out; as root nothing may be (scripts/test.ts). Use:
 *
 *   if (lacksRoot(t)) return
 *   if (lacksTool(t, 'qemu-img')) return
 */

export function lacksRoot(t: TestContext): boolean {
  return process.getuid?.() !== 0 && leaveOut(t, 'root')
}

/** `name` is a command; /sbin is looked at too, which is not in an ordinary user's PATH. */
export function lacksTool(t: TestContext, name: string): boolean {
  return !hasTool(name) && leaveOut(t, name)
}

/** For whatever else a machine may lack, in the words for the list at the end. */
export function lacks(t: TestContext, what: string, isThere: boolean): boolean {
  return !isThere && leaveOut(t, what)
}

export function hasTool(name: string): boolean {
  return isInstalled(name) && (name !== 'mkfs.btrfs' || (canMakeBtrfs ??= tryBtrfs()))
}

function isInstalled(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

let canMakeBtrfs: boolean | undefined

/**
 * mkfs.btrfs looks into every btrfs that is mounted on the machine before it makes one in a file, and
 * refuses where it may not: an ordinary user on a machine with one. Root is never left out by it.
 */
function tryBtrfs(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-needs-'))
  const image = path.join(folder, 'image')
  try {
    writeFileSync(image, '')
    truncateSync(image, 128 * 2 ** 20)
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }
    const { stderr } = spawnSync('mkfs.btrfs', ['-q', image], { env, encoding: 'utf8' })
    return !stderr.includes('cannot check mount status')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** One line in the file that the runner named; a test file run by hand says it itself. */
function leaveOut(t: TestContext, what: string): true {
  const line = `${what}\t${t.fullName}\n`
  const list = process.env['HOLDFAST_TEST_LEFT_OUT']
  if (list === undefined) t.diagnostic(`left out, needs ${what}`)
  // One short write: several test processes append to the same file.
  else appendFileSync(list, line)
  return true
}
