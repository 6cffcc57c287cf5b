import { HoldfastError } from '../../../core/model/error.ts'
import { createSignInLink } from '../../catalog/sessions.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import type { OperatorDeps } from './deps.ts'

/** The way from the command line into the web console. */
export function signInHandlers({
  database,
  random,
  consoleUrl,
}: OperatorDeps): Pick<OperatorHandlers, 'createSignInLink'> {
  return {
    createSignInLink: async (_, caller) => {
      const url = consoleUrl()
      if (url === null)
        throw new HoldfastError('not-found', 'this server has no web console', {
          hint: 'start it with --console HOST:PORT',
        })
      const { secret, expiresAt } = await createSignInLink(database, random, caller.name)
      // Behind the #: browsers keep that to themselves, so no log on the way has the secret.
      return { url: `${url}#sign-in=${secret}`, expiresAt }
    },
  }
}
