import { showName } from '../../core/model/guest-name.ts'
import { formatBytes, formatTime } from '../output/format.ts'
import { renderTable } from '../output/table.ts'
import type { FileEntry } from '../reply.ts'

type Time = { readonly seconds: number; readonly nanoseconds: number } | null | undefined

/** ISO 8601 with milliseconds; null too for what no calendar has. */
function isoTime(time: Time): string | null {
  if (!time) return null
  const date = new Date(time.seconds * 1000 + Math.floor(time.nanoseconds / 1e6))
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** What scripts read of one entry. `mode` is a number, the permission bits. */
export function entryDocument(entry: FileEntry) {
  const { name, type, sizeBytes, status, target, encrypted, content, error } = entry
  const shownTarget = target ? showName(target) : null
  return {
    ...showName(name),
    ...{ type, sizeBytes },
    modifiedAt: isoTime(status?.modifiedAt),
    mode: status?.mode ?? null,
    uid: status?.owner?.uid ?? null,
    gid: status?.owner?.gid ?? null,
    links: status?.links ?? null,
    target: shownTarget?.name ?? null,
    targetEncoded: shownTarget?.encoded ?? false,
    ...{ encrypted, content, error },
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  folder: 'd',
  link: 'l',
  fifo: 'p',
  socket: 's',
  'character-device': 'c',
  'block-device': 'b',
}

export function entryTable(entries: readonly FileEntry[]): string {
  return renderTable(
    entries,
    [
      { title: 'MODE', value: modeText },
      { title: 'SIZE', value: ({ sizeBytes }) => formatBytes(sizeBytes), align: 'right' },
      { title: 'MODIFIED', value: ({ status }) => formatTime(isoTime(status?.modifiedAt)) },
      { title: 'NAME', value: nameText },
    ],
    'nothing',
  )
}

/** As `ls -l` writes it. */
function modeText({ type, status }: FileEntry): string {
  if (type === 'partition') return 'partition'
  const mode = status?.mode
  const bits = (value: number) =>
    [...'rwx'].map((letter, at) => (value & (4 >> at) ? letter : '-')).join('')
  const text =
    typeof mode === 'number' ? [6, 3, 0].map((shift) => bits(mode >> shift)).join('') : ''
  return (LETTERS[type] ?? '-') + text
}

function nameText({ name, target, content, encrypted, error }: FileEntry): string {
  const shown = showName(name).name
  if (content !== null) return `${shown} (${content})`
  if (error) return `${shown} (cannot be read)`
  if (encrypted) return `${shown} (encrypted)`
  return target ? `${shown} -> ${showName(target).name}` : shown
}
