import { HoldfastError } from '../model/error.ts'
import { violation, type NbdConnection } from './connection.ts'
import {
  GREETING,
  HANDSHAKE_FIXED_NEWSTYLE,
  HANDSHAKE_NO_ZEROES,
  INFO_EXPORT,
  OPTION,
  OPTION_ERROR,
  OPTION_MAGIC,
  OPTION_REPLY,
  OPTION_REPLY_MAGIC,
} from './protocol.ts'

/** What both sides agreed on. */
export interface NbdExport {
  readonly sizeBytes: number
  readonly flags: number
  readonly hasStructuredReplies: boolean
  /** Names of meta contexts by the id that the server gave them. */
  readonly contexts: ReadonlyMap<number, string>
}

/** Answers to options are short; a longer one is no answer. */
const LONGEST_ANSWER = 64 * 1024
/** Answers to one option; a server that never acknowledges is not listened to for ever. */
const MOST_ANSWERS = 1024

interface Answer {
  readonly type: number
  readonly data: Buffer
}

/** Fixed newstyle handshake up to the transmission phase, asking for these meta contexts. */
export async function handshake(
  connection: NbdConnection,
  exportName: string,
  contexts: readonly string[],
): Promise<NbdExport> {
  await greet(connection)
  const hasStructuredReplies = await isGranted(connection, OPTION.structuredReply)
  const granted =
    hasStructuredReplies && contexts.length > 0
      ? await askContexts(connection, exportName, contexts)
      : new Map<number, string>()
  const info = await go(connection, exportName)
  return { ...info, hasStructuredReplies, contexts: granted }
}

async function greet(connection: NbdConnection): Promise<void> {
  const greeting = await connection.take(18)
  if (greeting.readBigUInt64BE(0) !== GREETING || greeting.readBigUInt64BE(8) !== OPTION_MAGIC)
    throw violation('it does not greet as a newstyle server')
  const flags = greeting.readUInt16BE(16)
  if ((flags & HANDSHAKE_FIXED_NEWSTYLE) === 0) throw violation('it does not speak fixed newstyle')
  const reply = Buffer.alloc(4)
  reply.writeUInt32BE(flags & (HANDSHAKE_FIXED_NEWSTYLE | HANDSHAKE_NO_ZEROES))
  connection.send(reply)
}

async function isGranted(connection: NbdConnection, option: number): Promise<boolean> {
  const answers = await ask(connection, option, Buffer.alloc(0))
  return answers.at(-1)?.type === OPTION_REPLY.ack
}

async function askContexts(
  connection: NbdConnection,
  exportName: string,
  contexts: readonly string[],
): Promise<Map<number, string>> {
  const data = Buffer.concat([
    sized(exportName),
    uint32(contexts.length),
    ...contexts.map((context) => sized(context)),
  ])
  const granted = new Map<number, string>()
  for (const answer of await ask(connection, OPTION.setMetaContext, data)) {
    if (answer.type !== OPTION_REPLY.metaContext) continue
    if (answer.data.length < 4) throw violation('a meta context without an id')
    granted.set(answer.data.readUInt32BE(0), answer.data.toString('utf8', 4))
  }
  return granted
}

/** Block sizes are not asked for: a server must then serve requests at any offset. */
async function go(
  connection: NbdConnection,
  exportName: string,
): Promise<Pick<NbdExport, 'sizeBytes' | 'flags'>> {
  const answers = await ask(
    connection,
    OPTION.go,
    Buffer.concat([sized(exportName), Buffer.alloc(2)]),
  )
  const last = answers.at(-1)
  if (last?.type !== OPTION_REPLY.ack) throw refused(exportName, last)
  const info = answers.find(
    ({ type, data }) =>
      type === OPTION_REPLY.info && data.length >= 12 && data.readUInt16BE(0) === INFO_EXPORT,
  )
  if (!info) throw violation('it opened an export without saying its size')
  const size = info.data.readBigUInt64BE(2)
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw violation(`an export of ${size} bytes`)
  return { sizeBytes: Number(size), flags: info.data.readUInt16BE(10) }
}

function refused(exportName: string, answer: Answer | undefined): HoldfastError {
  const said = answer?.data.toString() ?? ''
  return new HoldfastError('tool-failed', `the NBD server refused export '${exportName}': ${said}`)
}

/** Sends one option; all answers up to the one that ends them. */
async function ask(connection: NbdConnection, option: number, data: Buffer): Promise<Answer[]> {
  const head = Buffer.alloc(12)
  head.writeBigUInt64BE(OPTION_MAGIC, 0)
  head.writeUInt32BE(option, 8)
  connection.send(head, uint32(data.length), data)
  const answers: Answer[] = []
  while (answers.length < MOST_ANSWERS) {
    const answer = await takeAnswer(connection, option)
    answers.push(answer)
    if (answer.type === OPTION_REPLY.ack || answer.type >= OPTION_ERROR) return answers
  }
  throw violation('an option is answered without end')
}

async function takeAnswer(connection: NbdConnection, option: number): Promise<Answer> {
  const head = await connection.take(20)
  if (head.readBigUInt64BE(0) !== OPTION_REPLY_MAGIC || head.readUInt32BE(8) !== option)
    throw violation('an answer to an option that was not sent')
  const length = head.readUInt32BE(16)
  if (length > LONGEST_ANSWER) throw violation(`an answer of ${length} bytes to an option`)
  return { type: head.readUInt32BE(12), data: await connection.take(length) }
}

function sized(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
