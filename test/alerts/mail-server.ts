import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

export interface Received {
  readonly to: readonly string[]
  readonly headers: string
  /** Decoded. */
  readonly body: string
}

/** A real SMTP server on loopback; what it does with what arrives is the test's. */
export class MailServer {
  readonly received: Received[] = []
  /** Says no from now on, as a server that is full or greylists does. */
  refuses: string | undefined
  /** Takes a message and never answers. */
  hangs = false
  #server: SMTPServer | undefined
  port = 0

  constructor(t: TestContext) {
    t.after(() => this.stop())
  }

  /** A further start listens where the first did. */
  async start(password?: string): Promise<void> {
    const server = new SMTPServer({
      authOptional: password === undefined,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ password: given }, _session, done) =>
        given === password ? done(null, { user: 'x' }) : done(new Error('wrong password')),
      onRcptTo: (_address, _session, done) =>
        this.refuses === undefined ? done() : done(new Error(this.refuses)),
      onData: (stream, session, done) => {
        void text(stream).then((message) => {
          if (this.hangs) return
          this.received.push(parse(message, session.envelope.rcptTo))
          done()
        })
      },
    })
    server.on('error', () => {}) // clients that go
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    this.port = (server.server.address() as AddressInfo).port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (!server) return
    // Clients that a test left hanging are cut.
    for (const { _socket: socket } of server.connections as Set<{ _socket: { destroy(): void } }>)
      socket.destroy()
    await new Promise<void>((resolve) => server.close(resolve))
  }
}

function parse(message: string, to: readonly { address: string }[]): Received {
  const at = message.indexOf('\r\n\r\n')
  const headers = message.slice(0, at).replace(/\r\n[ \t]+/g, ' ')
  return { to: to.map(({ address }) => address), headers, body: decode(headers, message.slice(at)) }
}

function decode(headers: string, body: string): string {
  if (/content-transfer-encoding: base64/i.test(headers))
    return Buffer.from(body, 'base64').toString('utf8')
  if (!/content-transfer-encoding: quoted-printable/i.test(headers)) return body
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** What a message of several parts holds, decoded. */
export function partsOf({ headers, body }: Received): readonly Omit<Received, 'to'>[] {
  const [, boundary = ''] =
    /^content-type: multipart\/\w+; boundary="?([^"\r\n]+)"?/im.exec(headers) ?? []
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => parse(part.replace(/^\r\n/, ''), []))
}
