import { group, remote, type Register } from '../command.ts'
import { formatTime } from '../output/format.ts'

export const registerConsole: Register = (program, context) => {
  const console = group(program, 'console', 'The web console')
  remote(
    console,
    'link',
    'Make a link that signs you in to the web console, once',
    context,
    async ({ client }) => {
      const { url, expiresAt } = await client.createSignInLink({})
      const notice = `good once until ${formatTime(expiresAt)}; whoever opens it is you`
      return { document: { url, expiresAt }, text: `${url}\n`, warnings: [notice] }
    },
  )
}
