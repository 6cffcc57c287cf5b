import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export interface SlowProxy {
  readonly address: string
  /** Bytes taken from the client and not yet given to the server: those "in flight". */
  readonly mostInFlight: () => number
  /** Bytes of the client that were given to the server. */
  readonly given: () => number
  /** From now on nothing goes through, and nobody is told. */
  freeze(): void
  /** Ends what is connected; who comes again is let through. */
  cut(): void
}

/** A TCP proxy that gives each byte on after `delayMs` each way, however many are under way. */
export async function slowProxy(
  t: TestContext,
  target: { readonly host: string; readonly port: number },
  delayMs: number,
): Promise<SlowProxy> {
  const sockets = new Set<Socket>()
  let inFlight = 0
  let most = 0
  let given = 0
  let frozen = false

  function forward(from: Socket, to: Socket, count: (bytes: number) => void): void {
    from.on('data', (bytes: Buffer) => {
      if (frozen) return
      count(bytes.length)
      setTimeout(() => {
        if (!frozen && to.writable) to.write(bytes, () => count(-bytes.length))
      }, delayMs)
    })
    from.on('end', () => setTimeout(() => !frozen && to.end(), delayMs))
    from.on('error', () => to.destroy())
    from.on('close', () => !frozen && to.destroy())
    sockets.add(from)
  }

  const server = createServer((client) => {
    const upstream = connect(target)
    forward(client, upstream, (bytes) => {
      inFlight += bytes
      if (bytes < 0) given -= bytes
      most = Math.max(most, inFlight)
    })
    forward(upstream, client, () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    mostInFlight: () => most,
    given: () => given,
    freeze: () => {
      frozen = true
    },
    cut: () => {
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
  }
}
