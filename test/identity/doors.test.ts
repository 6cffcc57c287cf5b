import assert from 'node:assert/strict'
import test from 'node:test'
import { Channel, type ChannelOptions } from '../../core/wire/channel.ts'
import type { HoldfastError } from '../../core/model/error.ts'
import { agentService, enrolmentService } from '../../core/wire/agent-service.ts'
import { operatorService } from '../../core/wire/operator-service.ts'
import { openOperatorClient } from '../../core/wire/operator-client.ts'
import { AGENT_DAYS, openAuthority } from '../../server/pki/authority.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { createCertificateRequest } from '../../agent/identity/certificate-request.ts'
import { codeOf, errorOf, temporaryFolder, testRpc, type TestRpc } from '../support/rpc.ts'

type AnyMethod = Parameters<Channel['unary']>[0] & {
  readonly requestStream: boolean
  readonly responseStream: boolean
}

/** What a method answers to a caller, whatever its shape. */
async function outcome(channel: Channel, method: AnyMethod): Promise<string> {
  const options = { deadlineMs: 10_000, replyMs: 10_000 }
  try {
    if (method.requestStream) await channel.send(method, nothing(), options)
    else if (method.responseStream) {
      for await (const _ of channel.receive(method, {})) return 'answered'
    } else await channel.unary(method, {}, options)
    return 'answered'
  } catch (error) {
    return (error as HoldfastError).code
  }
}

async function* nothing(): AsyncGenerator<never> {}

const agentMethods = Object.entries(agentService) as unknown as [string, AnyMethod][]
const operatorMethods = Object.entries(operatorService) as unknown as [string, AnyMethod][]
const enrolMethods = Object.entries(enrolmentService) as unknown as [string, AnyMethod][]

function channelTo(server: TestRpc, options: Partial<ChannelOptions>): Channel {
  return new Channel({ addresses: [], authority: server.authority.certificate, ...options })
}

test('every method of the Agent service is refused without a certificate of ours', async (t) => {
  const server = await testRpc(t)
  const addresses = server.rpc.reach.agents
  const bearer = await server.operatorToken()
  for (const options of [{}, { bearer }]) {
    const channel = channelTo(server, { addresses, ...options })
    for (const [name, method] of agentMethods)
      assert.equal(await outcome(channel, method), 'certificate-refused', name)
    channel.close()
  }
})

test('a certificate of another authority is refused in the handshake', async (t) => {
  const server = await testRpc(t)
  const other = await openAuthority(await temporaryFolder(t), systemClock, systemRandom)
  const { key, request } = await createCertificateRequest()
  const { pem } = await other.issueAgent('host-x', request)
  const channel = channelTo(server, {
    addresses: server.rpc.reach.agents,
    certificate: { certificate: pem, key },
  })
  for (const [name, method] of agentMethods)
    assert.equal(await outcome(channel, method), 'certificate-refused', name)
  channel.close()
})

test('the server’s own certificate is no host’s', async (t) => {
  const server = await testRpc(t)
  const { chain, key } = await server.authority.issueServer([])
  const channel = channelTo(server, {
    addresses: server.rpc.reach.agents,
    certificate: { certificate: chain, key },
  })
  for (const [name, method] of agentMethods)
    assert.equal(await outcome(channel, method), 'certificate-refused', name)
  channel.close()
})

test('a certificate of ours for a host that is not known is refused', async (t) => {
  const server = await testRpc(t)
  const { key, request } = await createCertificateRequest()
  const { pem, expiresAt } = await server.authority.issueAgent('host-nobody', request)
  assert.ok(expiresAt.getTime() < Date.now() + (AGENT_DAYS + 1) * 86_400_000)
  const channel = channelTo(server, {
    addresses: server.rpc.reach.agents,
    certificate: { certificate: pem, key },
  })
  for (const [name, method] of agentMethods)
    assert.equal(await outcome(channel, method), 'certificate-refused', name)
  channel.close()
})

test('operators’ methods take a token and nothing else', async (t) => {
  const server = await testRpc(t)
  const identity = await server.enrolled('alpha')
  const addresses = server.rpc.reach.operators
  const none = channelTo(server, { addresses })
  const agent = channelTo(server, { addresses, certificate: identity })
  const wrong = channelTo(server, { addresses, bearer: 'A'.repeat(43) })
  const right = channelTo(server, { addresses, bearer: await server.operatorToken() })
  for (const [name, method] of operatorMethods) {
    assert.equal(await outcome(none, method), 'credential-missing', name)
    assert.equal(await outcome(agent, method), 'credential-missing', name)
    assert.equal(await outcome(wrong, method), 'credential-refused', name)
    assert.equal(await outcome(right, method), 'not-found', name) // it reached the handler
  }
  for (const channel of [none, agent, wrong, right]) channel.close()
})

test('an agent reaches no operator’s method, and an operator no agent’s, at the other’s door', async (t) => {
  const server = await testRpc(t)
  const identity = await server.enrolled('alpha')
  const agent = channelTo(server, {
    addresses: server.rpc.reach.agents,
    certificate: identity,
    bearer: await server.operatorToken('second'),
  })
  for (const [name, method] of [...operatorMethods, ...enrolMethods])
    assert.equal(await outcome(agent, method), 'version-incompatible', name) // no such method here
  const operator = channelTo(server, {
    addresses: server.rpc.reach.operators,
    certificate: identity,
    bearer: await server.operatorToken(),
  })
  for (const [name, method] of agentMethods)
    assert.equal(await outcome(operator, method), 'version-incompatible', name)
  agent.close()
  operator.close()
})

test('the operator’s client says why it is not let in', async (t) => {
  const server = await testRpc(t)
  const impostor = await openAuthority(await temporaryFolder(t), systemClock, systemRandom)
  const addresses = server.rpc.reach.operators
  const authority = server.authority.certificate
  const token = await server.operatorToken()
  const tried = async (options: Parameters<typeof openOperatorClient>[0]) => {
    const client = openOperatorClient(options)
    try {
      return await errorOf(client.getStatus({}))
    } finally {
      client.close()
    }
  }
  assert.equal((await tried({ addresses, authority, token: 'no' })).code, 'credential-refused')
  const wrong = await tried({ addresses, authority: impostor.certificate, token })
  assert.equal(wrong.code, 'wrong-authority')
  const nobody = await tried({ addresses: ['127.0.0.1:1'], authority, token })
  assert.equal(nobody.code, 'server-unreachable')
  assert.match(nobody.message, /127\.0\.0\.1:1/)
  // A dead address first costs nothing but the try.
  const second = await tried({ addresses: ['127.0.0.1:1', ...addresses], authority, token })
  assert.equal(second.code, 'not-found')
  assert.match(second.message, /no handler/)
})

test('a port that is taken is named', async (t) => {
  const server = await testRpc(t)
  const taken = server.rpc.agents
  const error = await errorOf(testRpc(t, {}, { agents: taken, database: server.database }))
  assert.equal(error.code, 'port-taken')
  assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${taken.port}`))
  assert.equal(
    await codeOf(testRpc(t, {}, { agents: { host: '192.0.2.1', port: 0 } })),
    'invalid-argument',
  )
})
