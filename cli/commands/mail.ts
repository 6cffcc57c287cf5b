import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { group, remote, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { confirm } from '../input/confirm.ts'
import { countOption, first } from '../input/operand.ts'
import { readSecret } from '../input/secret.ts'
import type { Outcome } from '../outcome.ts'
import { orDash } from '../output/format.ts'
import { sentOutcome } from '../output/sent.ts'
import { renderFields } from '../output/table.ts'
import type { MailSettings } from '../reply.ts'

export const registerMail: Register = (program, context) => {
  const mail = group(program, 'mail', 'How the server sends mail')
  remote(mail, 'show', 'How mail is sent; never the password', context, async ({ client }) =>
    shown(await client.getMail({})),
  )
  registerSet(mail, context)
  remote<{ yes?: boolean }>(mail, 'remove', 'Send no mail any more', context, async (input) => {
    const about = ['what waits for mail addresses is tried for three days, then dropped']
    await confirm(context, 'Send no mail any more?', about, input.options.yes)
    return shown(await input.client.removeMail({}))
  }).option('--yes', 'do not ask')
  remote(mail, 'test <address>', 'Send a test now, to whom you like', context, async (input) => {
    const sent = await input.client.testMail({ address: first(input.args) })
    return { ...sentOutcome([sent]), document: sent }
  })
}

interface SetOptions {
  readonly host: string
  readonly from: string
  readonly port?: number
  readonly security?: string
  readonly user?: string
  readonly passwordFile?: string
  readonly authorityFile?: string
  /** False where nobody's own authority is wanted any more. */
  readonly authority?: boolean
}

function registerSet(mail: Command, context: Context): void {
  const description = 'Say how mail is sent from now on: all of it, but for a password that stays'
  remote<SetOptions>(mail, 'set', description, context, async ({ client, options }) => {
    const { host, from, port = 0, security = 'starttls', user, passwordFile } = options
    const password = passwordFile === undefined ? undefined : await readSecret(passwordFile)
    const authority = await authorityOf(options)
    return shown(await client.setMail({ host, from, port, security, user, password, authority }))
  })
    .requiredOption('--host <host>', 'the mail server')
    .requiredOption('--from <address>', 'who it comes from, such as "Holdfast <hf@example.org>"')
    .option('--port <number>', '587, 465 or 25 by --security when not given', countOption)
    .addOption(
      new Option('--security <how>', 'starttls (demanded), tls from the first byte, or none')
        .choices(['starttls', 'tls', 'none'])
        .default('starttls'),
    )
    .option('--user <name>', 'whom to sign in as; nobody when not given')
    .option(
      '--password-file <file>',
      'the password, or - for standard input; the one before stays for the same host and user',
    )
    .option('--authority-file <file>', "PEM that the mail server's certificate is held against")
    .option('--no-authority', 'hold it against those that Node knows again')
    .addHelpText('after', EXAMPLE)
}

const EXAMPLE = `
Example:
  holdfast mail set --host mail.example.org --from hf@example.org --user hf --password-file -
  holdfast mail test ann@example.org`

async function authorityOf({ authorityFile, authority }: SetOptions): Promise<string | undefined> {
  if (authorityFile === undefined) return authority === false ? '' : undefined
  try {
    return await readFile(authorityFile, 'utf8')
  } catch (error) {
    throw wrongUsage(`cannot read ${authorityFile}: ${(error as Error).message}`)
  }
}

function shown(settings: MailSettings): Outcome {
  const { configured, host, port, security, user, hasPassword, from, authority } = settings
  if (!configured) return { document: settings, text: 'no mail is sent: `holdfast mail set`\n' }
  const text = renderFields([
    ['host', orDash(host)],
    ['port', port === 0 ? '-' : String(port)],
    ['security', orDash(security)],
    ['user', orDash(user)],
    ['password', hasPassword ? 'yes' : 'no'],
    ['from', orDash(from)],
    ['authority', authority === null ? '-' : 'one of your own'],
  ])
  return { document: settings, text, warnings: settings.problem ? [settings.problem] : [] }
}
