import type { ListedEntry } from '../../../core/filesystem/browse/listed-entry.ts'
import type { ListedPage } from '../../../core/filesystem/browse/list-path.ts'
import type { GuestStatus, GuestTime } from '../../../core/filesystem/file-system.ts'
import { inSeconds } from '../../../core/filesystem/guest-time.ts'
import type { FailureShape } from '../../../core/model/error.ts'
import { MessageWriter } from '../../../core/protobuf/message-writer.ts'

/*
 * A FilePage of operator.proto, made where the folder is read: a thousand entries as objects between
 * two processes, and made into a message then, took longer than reading them.
 */

const writer = new MessageWriter()

/** `total` goes with the first message of a page, `seen` with what comes before it. */
interface Told {
  readonly seen?: number
  readonly total?: number
}

export function pageMessage(
  { entries, warnings }: ListedPage,
  { seen = 0, total }: Told = {},
): Buffer {
  return writer.whole(() => {
    for (const entry of entries) writer.message(1, () => writeEntry(entry))
    for (const warning of warnings) writer.text(2, warning)
    if (seen !== 0) writer.number(3, seen)
    if (total !== undefined) writer.number(4, total)
  })
}

function writeEntry(entry: ListedEntry): void {
  const { name, type, sizeBytes, status, target, encrypted, content, failure } = entry
  writer.bytes(1, name)
  writer.text(2, type)
  if (sizeBytes !== 0) writer.number(3, sizeBytes)
  if (status) writer.message(4, () => writeStatus(status))
  if (target) writer.bytes(5, target)
  if (encrypted) writer.number(6, 1)
  if (content !== undefined) writer.text(7, content)
  if (failure) writer.message(8, () => writeFailure(failure))
}

function writeStatus(status: GuestStatus): void {
  const { mode, owner, links, device } = status
  if (mode !== null) writer.number(1, mode)
  if (owner) writer.message(2, () => writePair(owner.uid, owner.gid))
  if (links !== 0) writer.number(3, links)
  writeTime(4, status.modifiedAt)
  writeTime(5, status.accessedAt)
  writeTime(6, status.changedAt)
  writeTime(7, status.createdAt)
  if (device) writer.message(8, () => writePair(device.major, device.minor))
}

function writeTime(field: number, time: GuestTime): void {
  if (time === null) return
  const { seconds, nanoseconds } = inSeconds(time)
  writer.message(field, () => writePair(seconds, nanoseconds))
}

/** Two numbers, as owners, devices and times are. */
function writePair(first: number, second: number): void {
  if (first !== 0) writer.number(1, first)
  if (second !== 0) writer.number(2, second)
}

function writeFailure({ code, message, hint }: FailureShape): void {
  writer.text(1, code)
  writer.text(2, message)
  if (hint !== undefined) writer.text(3, hint)
}
