import { type Command, Option } from 'commander'
import { ROLES } from '../../core/model/role.ts'
import { formatOperatorCredential } from '../../core/wire/operator-credential.ts'
import { group, remote, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { confirm } from '../input/confirm.ts'
import { collect, durationOption, first } from '../input/operand.ts'
import { readSecret } from '../input/secret.ts'
import { formatTime, orDash } from '../output/format.ts'
import { renderFields, renderTable, type Column } from '../output/table.ts'
import type { OperatorInfo } from '../reply.ts'

export const registerOperator: Register = (program, context) => {
  const operator = group(program, 'operator', 'Who may do what')
  registerList(operator, context)
  registerAdd(operator, context)
  registerRemove(operator, context)
  registerToken(operator, context)
  registerPassword(operator, context)
}

function registerList(operator: Command, context: Context): void {
  remote(operator, 'list', 'All operators, their roles and scopes', context, async ({ client }) => {
    const { operators } = await client.listOperators({})
    return { document: operators, text: renderTable(operators, COLUMNS, 'no operator') }
  })
}

const COLUMNS: readonly Column<OperatorInfo>[] = [
  { title: 'OPERATOR', value: ({ name }) => name },
  { title: 'ROLE', value: ({ role }) => role },
  { title: 'SCOPE', value: ({ scopes }) => orDash(scopes.join(', ')) },
  { title: 'TOKENS', value: ({ tokens }) => String(tokens), align: 'right' },
  { title: 'NEXT EXPIRY', value: ({ nextExpiryAt }) => formatTime(nextExpiryAt) },
]

interface AddOptions {
  readonly role: string
  readonly scope?: readonly string[]
}

function registerAdd(operator: Command, context: Context): void {
  const description = 'Add an operator; `operator token` gives them a way in'
  remote<AddOptions>(operator, 'add <name>', description, context, async (input) => {
    const { client, args, options } = input
    const request = { name: first(args), role: options.role, scopes: [...(options.scope ?? [])] }
    return shown(await client.addOperator(request))
  })
    .addOption(
      new Option('--role <role>', 'what they may do').choices([...ROLES]).makeOptionMandatory(),
    )
    .option(
      '--scope <scope>',
      'what they see: source:HOST/NAME, host:HOST, group:NAME, owner:WORD or tenant:WORD; may be given again',
      collect,
    )
}

function shown(operator: OperatorInfo) {
  const text = renderFields([
    ['operator', operator.name],
    ['role', operator.role],
    ['scope', orDash(operator.scopes.join(', '))],
    ['tokens', String(operator.tokens)],
    ['password', operator.hasPassword ? 'yes' : 'no'],
  ])
  return { document: operator, text }
}

function registerRemove(operator: Command, context: Context): void {
  const description = 'Refuse an operator from now on, with all tokens'
  remote<{ yes?: boolean }>(operator, 'remove <name>', description, context, async (input) => {
    const { client, args, options } = input
    await confirm(context, 'Remove this operator?', [first(args)], options.yes)
    return shown(await client.removeOperator({ name: first(args) }))
  }).option('--yes', 'do not ask')
}

interface TokenOptions {
  readonly ttl?: number
  readonly replace?: boolean
  readonly revoke?: boolean
}

function registerToken(operator: Command, context: Context): void {
  const description = 'Print a new credential of an operator: keep it like a password'
  remote<TokenOptions>(operator, 'token <name>', description, context, async (input) => {
    const { client, args, options } = input
    if (options.revoke === true)
      return shown(await client.revokeOperatorTokens({ name: first(args) }))
    const request = {
      name: first(args),
      ttlSeconds: options.ttl ?? DEFAULT_TTL_SECONDS,
      replace: options.replace ?? false,
    }
    const reply = await client.createOperatorToken(request)
    const { addresses, authority, token, serverId, expiresAt } = reply
    const until = `good until ${formatTime(expiresAt)}; it cannot be shown again`
    return {
      document: reply,
      // Alone on standard output, so that it can be piped into a file.
      text: formatOperatorCredential({ addresses, authority, token, serverId }),
      warnings: [until],
    }
  })
    .option('--ttl <duration>', 'how long it is good, 90d when not given', durationOption)
    .option('--replace', 'refuse all other tokens of this operator from now on')
    .option('--revoke', 'make no new one, refuse all that there are')
    .addHelpText('after', EXAMPLE)
}

const DEFAULT_TTL_SECONDS = 90 * 86_400

const EXAMPLE = `
Example:
  holdfast operator add ann --role operator
  (umask 077; holdfast operator token ann > ann.json)
  holdfast status --operator ann.json     or copy it to ~/.config/holdfast/operator.json`

interface PasswordOptions {
  readonly from?: string
  readonly none?: boolean
}

function registerPassword(operator: Command, context: Context): void {
  const description = 'Set or remove the password with which an operator signs in to the console'
  remote<PasswordOptions>(operator, 'password <name>', description, context, async (input) => {
    const { client, args, options } = input
    const password = options.none === true ? '' : await readSecret(options.from ?? '-')
    return shown(await client.setOperatorPassword({ name: first(args), password }))
  })
    .option('--from <file>', 'read it from this file; standard input when not given')
    .option('--none', 'remove it')
}
