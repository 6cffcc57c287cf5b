import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { text } from 'node:stream/consumers'

export interface Hit {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A webhook's end on loopback: `/ok` takes, `/bad` refuses, `/moved` redirects, `/hangs` never answers. */
export class Hooks {
  readonly hits: Hit[] = []
  /** What `/ok` answers with. */
  status = 204
  readonly #server: Server
  readonly #onHit: (() => void)[] = []

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(t: TestContext): Promise<Hooks> {
    const server = createServer()
    const hooks = new Hooks(server)
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        hooks.hits.push({ path: request.url ?? '', headers: request.headers, body })
        for (const told of hooks.#onHit.splice(0)) told()
        if (request.url === '/hangs') return
        const moved = request.url === '/moved'
        if (moved) response.setHeader('location', '/ok')
        response.statusCode = moved ? 307 : request.url === '/bad' ? 500 : hooks.status
        response.end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => {
      server.closeAllConnections()
      server.close()
    })
    return hooks
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${path}`
  }

  /** Resolves at the next request. */
  hit(): Promise<void> {
    return new Promise((resolve) => this.#onHit.push(resolve))
  }
}
