import { group, remote, type Register } from '../command.ts'
import { durationOption } from '../input/operand.ts'
import { formatTime } from '../output/format.ts'

const DEFAULT_TTL_SECONDS = 15 * 60

interface Options {
  readonly ttl: number
  readonly host?: string
}

export const registerToken: Register = (program, context) => {
  const token = group(program, 'token', 'Tokens with which agents join')
  remote<Options>(
    token,
    'create',
    'Make a token with which one agent joins, once',
    context,
    async ({ client, options }) => {
      const reply = await client.createToken({ ttlSeconds: options.ttl, host: options.host })
      const document = { token: reply.token, expiresAt: reply.expiresAt }
      // The token alone on standard output, so that it can be piped into a file.
      return { document, text: `${reply.token}\n`, warnings: [notice(reply.expiresAt)] }
    },
  )
    .option(
      '--ttl <duration>',
      'how long it can be used, at most 15m',
      durationOption,
      DEFAULT_TTL_SECONDS,
    )
    .option('--host <name>', 'the only name that the agent may join under')
    .addHelpText('after', HELP)
}

function notice(expiresAt: string): string {
  return `good for one agent until ${formatTime(expiresAt)}; whoever reads it can join`
}

const HELP = `
Example, on the server and then on the host:
  holdfast token create > join.token
  holdfast agent run --data /var/lib/holdfast-agent --join-file join.token --images /var/lib/images`
