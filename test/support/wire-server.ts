import type { TestContext } from 'node:test'
import type { PullFrameOut, PushFrameIn } from '../../core/wire/frame.ts'
import type { Receipt } from '../../core/wire/generated/holdfast/v1/Receipt.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { agentService } from '../../core/wire/agent-service.ts'
import type { Keepalive } from '../../core/wire/options.ts'
import { createCertificateRequest } from '../../agent/identity/certificate-request.ts'
import { GrpcLink } from '../../agent/link/grpc-link.ts'
import { openAuthority } from '../../server/pki/authority.ts'
import { clientStream, serverStream, type Door } from '../../server/rpc/calls.ts'
import { openListeners } from '../../server/rpc/listeners.ts'
import { OpenCalls } from '../../server/rpc/open-calls.ts'
import { wholePush } from '../../server/rpc/push-frames.ts'
import { temporaryFolder } from './rpc.ts'

export interface WireHandlers {
  push?(frames: AsyncIterable<PushFrameIn>): Promise<Receipt>
  pull?(): AsyncIterable<PullFrameOut>
}

export interface WireServer {
  readonly address: { readonly host: string; readonly port: number }
  readonly calls: OpenCalls
  /** A link to the server, or to a proxy in front of it. */
  link(address?: string, keepalive?: Keepalive): GrpcLink
}

export interface WireServerOptions {
  readonly keepalive?: Keepalive
  readonly stallMs?: number
}

/** Listeners with mutual TLS and two methods; no catalog behind them. */
export async function wireServer(
  t: TestContext,
  handlers: WireHandlers,
  { keepalive, stallMs }: WireServerOptions = {},
): Promise<WireServer> {
  const authority = await openAuthority(await temporaryFolder(t), systemClock, systemRandom)
  const calls = new OpenCalls()
  const door: Door<undefined> = {
    admit: () => Promise.resolve({ owner: 'test', caller: undefined }),
    calls,
    log: silentLogger,
    clock: systemClock,
  }
  const stall = stallMs === undefined ? {} : { stallMs }
  const unused = () => {
    throw new Error('not in this test')
  }
  const agent = Object.fromEntries(Object.keys(agentService).map((name) => [name, unused]))
  const listeners = await openListeners(
    {
      authority,
      operators: { host: '127.0.0.1', port: 0 },
      agents: { host: '127.0.0.1', port: 0 },
      advertise: [],
      ...(keepalive ? { keepalive } : {}),
    },
    () => ({
      agent: {
        ...agent,
        Push: clientStream(
          door,
          (_, frames: AsyncIterable<PushFrameIn>) => handlers.push?.(wholePush(frames)) ?? unused(),
          stall,
        ),
        Pull: serverStream(door, () => handlers.pull?.() ?? unused(), stall),
      },
      enrolment: { Enrol: unused },
      operator: {},
    }),
  )
  t.after(() => {
    calls.cutAll(new Error('the test is over'))
    return listeners.close()
  })
  const { key, request } = await createCertificateRequest()
  const { pem } = await authority.issueAgent('host-test', request)
  const identity = { authority: authority.certificate, certificate: pem, key }
  return {
    address: listeners.agents,
    calls,
    link: (address = listeners.reach.agents[0] ?? '', keepalive) => {
      const link = new GrpcLink({
        identity: { ...identity, addresses: [address] },
        clock: systemClock,
        ...(keepalive ? { keepalive } : {}),
      })
      t.after(() => link.close())
      return link
    },
  }
}
