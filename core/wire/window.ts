import http2 from 'node:http2'
import { HANDSHAKE_LIMIT_MS, HEADER_LIMIT_BYTES, WINDOW_BYTES } from './options.ts'
import { divideWindows } from './upload-windows.ts'

let wrapped = false

/**
 * gRPC's server has no option for the flow-control window: uploads would run on 64 KiB a round trip.
 * It makes its HTTP/2 server by this one function, so the function is wrapped, once a process; it
 * must be called before a server listens. Limits on headers and handshakes are set on the way.
 */
export function widenServerWindow(): void {
  if (wrapped) return
  wrapped = true
  http2.createSecureServer = new Proxy(http2.createSecureServer, {
    apply(create, self, [options]: [http2.SecureServerOptions]) {
      const server = Reflect.apply(create, self, [widened(options)]) as http2.Http2SecureServer
      // The settings cover each stream; the connection's own window is widened when it is there.
      server.on('session', (session) => session.setLocalWindowSize(WINDOW_BYTES))
      divideWindows(server)
      return server
    },
  })
}

function widened(options: http2.SecureServerOptions): http2.SecureServerOptions {
  return {
    ...options,
    handshakeTimeout: HANDSHAKE_LIMIT_MS,
    settings: {
      ...options.settings,
      initialWindowSize: WINDOW_BYTES,
      maxHeaderListSize: HEADER_LIMIT_BYTES,
    },
  }
}
