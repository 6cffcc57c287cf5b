/** What a guest agent sends, as lines. 0xFF, which no JSON holds, marks where a new answer begins. */

const MARK = 0xff
const NEWLINE = 0x0a
/** A guest decides what it sends: an answer above this is none. */
const LONGEST_LINE = 4 * 1024 * 1024

export interface AgentLine {
  /** Whether the mark stood before it: the answer to a delimited synchronization. */
  readonly isMarked: boolean
  readonly text: string
}

export class AgentLines {
  #rest: Buffer = Buffer.alloc(0)

  /** The lines that `data` completes. Throws when there is no end of one. */
  take(data: Buffer): AgentLine[] {
    const all = Buffer.concat([this.#rest, data])
    const lines: AgentLine[] = []
    let from = 0
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, from)) {
      const line = toLine(all.subarray(from, end))
      if (line.text !== '') lines.push(line)
      from = end + 1
    }
    this.#rest = all.subarray(from)
    if (this.#rest.length > LONGEST_LINE) throw new Error('the guest agent sends without end')
    return lines
  }
}

/** What stands before a mark is the torn end of an older answer. */
function toLine(bytes: Buffer): AgentLine {
  const mark = bytes.lastIndexOf(MARK)
  return {
    isMarked: mark >= 0,
    text: bytes
      .subarray(mark + 1)
      .toString('utf8')
      .trim(),
  }
}
