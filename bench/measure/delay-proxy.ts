import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface DelayProxy {
  readonly address: string
  close(): void
}

/** Held back at most, each way: far above what the link's windows allow to be under way. */
const MOST_HELD_BYTES = 64 * 2 ** 20

/** A TCP proxy that gives every byte on after `delayMs`, both ways: round trips of twice that. */
export async function openDelayProxy(target: string, delayMs: number): Promise<DelayProxy> {
  const [host = '', port = ''] = target.split(':')
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect({ host, port: Number(port), noDelay: true })
    client.setNoDelay(true)
    for (const socket of [client, upstream]) sockets.add(socket)
    forward(client, upstream, delayMs)
    forward(upstream, client, delayMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

function forward(from: Socket, to: Socket, delayMs: number): void {
  let held = 0
  from.on('data', (bytes: Buffer) => {
    held += bytes.length
    if (held > MOST_HELD_BYTES) from.pause()
    setTimeout(() => {
      held -= bytes.length
      if (to.writable) to.write(bytes)
      if (held <= MOST_HELD_BYTES && from.isPaused()) from.resume()
    }, delayMs)
  })
  from.on('end', () => setTimeout(() => to.end(), delayMs))
  from.on('error', () => to.destroy())
  from.on('close', () => setTimeout(() => to.destroy(), delayMs))
}
