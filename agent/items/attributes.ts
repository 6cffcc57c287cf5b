import { spawn } from 'node:child_process'
import { isLongStream } from '../../core/model/long-stream.ts'
import { findTool, type SearchPath } from '../source/find-tool.ts'
import type { ItemHead } from './dress.ts'
import type { Tally } from './tally.ts'

/** A file or folder that is open, and what it is to have. */
export interface Attributed {
  readonly fd: number
  readonly shown: string
  readonly attributes: ItemHead['attributes']
}

export interface AttributeRules {
  readonly owners: 'keep' | 'target'
  readonly special: boolean
  readonly searchPath: SearchPath
}

/**
 * Extended attributes and access lists, of several files at once. Node has no call for them:
 * setfattr gets them through a pipe, with the open files themselves for names.
 */
export async function giveAttributes(
  items: readonly Attributed[],
  rules: AttributeRules,
  tally: Tally,
): Promise<void> {
  const wanted = items.flatMap(({ attributes, ...item }) => {
    const kept = attributes.filter((attribute) => isKept(attribute.name, rules, tally, item.shown))
    return kept.length > 0 ? [{ ...item, attributes: kept }] : []
  })
  if (wanted.length === 0) return
  const tool = await findTool('setfattr', rules.searchPath)
  if (tool === undefined) {
    for (const { shown } of wanted) tally.lost.note(NO_TOOL, shown)
    return
  }
  const complaints = await restoreBy(tool, wanted.map(record).join(''))
  for (const { fd, shown } of wanted)
    if (complaints === undefined || complaints.includes(`${pathOf(fd)}:`))
      tally.lost.note('extended attributes or access lists that the target does not hold', shown)
}

const NO_TOOL = 'extended attributes, which need setfattr (package attr) on the host'

const ACCESS_LISTS = /^system\.(posix_acl_|nfs4_acl|ntfs_acl)/
/** As good as setuid bits. */
const CAPABILITIES = 'security.capability'

function isKept(
  name: Buffer,
  { owners, special }: AttributeRules,
  tally: Tally,
  shown: string,
): boolean {
  const text = name.toString('latin1')
  if (isLongStream(name)) {
    tally.lost.note('streams too long for an attribute; fetch them as FILE:STREAM', shown)
    return false
  }
  if (text === CAPABILITIES && !special) {
    tally.leftOut.note('capabilities, which --special gives', shown)
    return false
  }
  return !(owners === 'target' && ACCESS_LISTS.test(text))
}

function pathOf(fd: number): string {
  return `/proc/${process.pid}/fd/${fd}`
}

/** The format of `getfattr --dump`. */
function record({ fd, attributes }: Omit<Attributed, 'shown'>): string {
  const lines = attributes.map(
    ({ name, value }) => `${quoted(name)}=0s${value.toString('base64')}\n`,
  )
  return `# file: ${pathOf(fd)}\n${lines.join('')}\n`
}

/** Octal for what would end the name or the line. */
function quoted(name: Buffer): string {
  return Array.from(name, (byte) => {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x3d && byte !== 0x5c
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`
  }).join('')
}

/** Takes away what a folder inherited from the one above it. Whether there was a default for others. */
export async function dropAccessLists(fd: number, searchPath: SearchPath): Promise<boolean> {
  const tool = await findTool('setfattr', searchPath)
  if (tool === undefined) return false
  const had = await runTool(tool, ['-x', 'system.posix_acl_default', pathOf(fd)])
  if (had?.status !== 0) return false
  await runTool(tool, ['-x', 'system.posix_acl_access', pathOf(fd)])
  return true
}

/** What it complained of; undefined where it could not run at all. */
async function restoreBy(tool: string, input: string): Promise<string | undefined> {
  return (await runTool(tool, ['--restore=-'], input))?.complaints
}

const LIMIT_MS = 60_000

interface Ended {
  readonly status: number
  readonly complaints: string
}

function runTool(tool: string, args: readonly string[], input = ''): Promise<Ended | undefined> {
  return new Promise((resolve) => {
    const child = spawn(tool, args, {
      env: { LC_ALL: 'C' },
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: LIMIT_MS,
    })
    let complaints = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (complaints.length < 1_000_000) complaints += text
    })
    child.on('error', () => resolve(undefined))
    child.on('close', (status) => resolve(status === null ? undefined : { status, complaints }))
    child.stdin.on('error', () => {}) // it ended early, which its exit tells
    child.stdin.end(input)
  })
}
