import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'

/** Somebody whom the provider knows. */
export interface Person {
  readonly subject: string
  readonly preferred_username: string
  readonly groups: readonly string[]
}

export interface RunningProvider {
  readonly issuer: string
  /** Who signs in at it next, its own page asks nothing; and what it says of whoever has. */
  person: Person
  close(): Promise<void>
}

export const CLIENT = { id: 'holdfast', secret: 'a-secret-of-the-tests' } as const

/** A real provider on loopback, which sends people back to this page. Its people are whom a test says. */
export async function runProvider(t: TestContext, returnTo: string): Promise<RunningProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const running: RunningProvider = {
    issuer,
    person: { subject: 'subject-1', preferred_username: 'kim', groups: [] },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  t.after(() => running.close())
  const provider = new Provider(issuer, configuration(returnTo, running))
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    const result = { login: { accountId: running.person.subject } }
    void provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: false,
    })
  })
  return running
}

function configuration(returnTo: string, running: Pick<RunningProvider, 'person'>): Configuration {
  return {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [returnTo] }],
    claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'groups'],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['the-tests-key'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => {
        const { preferred_username, groups } = running.person
        return { sub: id, preferred_username, groups: [...groups] }
      },
    }),
    loadExistingGrant: consentOf,
  }
}

/** Everybody consents to what the console asks for. */
async function consentOf({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({
    accountId: oidc.session!.accountId!,
    clientId: oidc.client!.clientId,
  })
  grant.addOIDCScope('openid profile groups')
  await grant.save()
  return grant
}
