import { type Command, InvalidArgumentError } from 'commander'
import { ALERT_SEVERITIES } from '../../core/model/alert-type.ts'
import { REPORT_PERIODS } from '../../core/model/report-period.ts'
import { remote } from '../command.ts'
import type { Context } from '../context.ts'
import { confirm } from '../input/confirm.ts'
import { first } from '../input/operand.ts'
import { readSecret } from '../input/secret.ts'
import { formatTime, orDash } from '../output/format.ts'
import { renderTable, type Column } from '../output/table.ts'
import { sentOutcome } from '../output/sent.ts'
import type { Subscriber } from '../reply.ts'

/** Who is told of alerts, and whether that works. */
export function registerSubscribers(alert: Command, context: Context): void {
  remote(alert, 'subscribers', 'Who is told of alerts', context, async ({ client }) => {
    const { subscribers } = await client.listSubscribers({})
    return { document: subscribers, text: renderTable(subscribers, COLUMNS, 'nobody is told') }
  })
  registerSubscribe(alert, context)
  registerUnsubscribe(alert, context)
  registerTest(alert, context)
}

const COLUMNS: readonly Column<Subscriber>[] = [
  { title: 'SUBSCRIBER', value: ({ id }) => id },
  { title: 'ADDRESS', value: ({ address }) => address },
  { title: 'SEVERITIES', value: ({ severities }) => severities.toReversed().join(', ') },
  { title: 'DAILY REPORT', value: ({ digest }) => (digest ? 'yes' : 'no') },
  { title: 'REPORTS', value: ({ reports }) => orDash(reports.join(', ')) },
  { title: 'LAST SENT', value: ({ lastSentAt }) => formatTime(lastSentAt) },
  { title: 'WAITING', value: ({ waiting }) => String(waiting), align: 'right' },
  { title: 'WHY', value: ({ failure }) => orDash(failure) },
]

interface SubscribeOptions {
  readonly severity?: readonly string[]
  readonly digest?: boolean
  readonly reports?: readonly string[]
  readonly secretFile?: string
}

function registerSubscribe(alert: Command, context: Context): void {
  const description = 'Tell a mail address, or a webhook by its URL, of alerts'
  remote<SubscribeOptions>(alert, 'subscribe <address>', description, context, async (input) => {
    const { client, args, options } = input
    const { severity = [], digest, reports = [], secretFile } = options
    const named = first(args)
    const reply = await client.addSubscriber({
      // URLs of webhooks are often as good as a password: `-` takes them from standard input.
      address: named === '-' ? await readSecret('-') : named,
      severities: [...severity],
      reports: [...reports],
      ...(digest === undefined ? {} : { digest }),
      ...(secretFile === undefined ? {} : { secret: await readSecret(secretFile) }),
    })
    const { subscriber, secret } = reply
    const shown = secretFile === undefined && secret !== null ? secret : null
    return {
      document: { ...subscriber, secret: shown },
      text: shown === null ? '' : `${shown}\n`,
      warnings: shown === null ? [] : ['this secret signs what is sent; it is not shown again'],
    }
  })
    .option('--severity <list>', 'of critical, warning, informational', severityOption)
    .option('--digest', 'the daily report too (what people get unless you say no)')
    .option('--no-digest', 'without it (what webhooks get)')
    .option(
      '--reports <list>',
      'reports too, of day, week, month; each when it is over',
      reportsOption,
    )
    .option('--secret-file <file>', 'what signs the requests, or - for standard input')
}

function severityOption(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim())
  if (words.every((word) => (ALERT_SEVERITIES as readonly string[]).includes(word))) return words
  throw new InvalidArgumentError('It is a list of critical, warning, informational.')
}

function reportsOption(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim())
  if (words.every((word) => (REPORT_PERIODS as readonly string[]).includes(word))) return words
  throw new InvalidArgumentError('It is a list of day, week, month.')
}

function registerUnsubscribe(alert: Command, context: Context): void {
  const description = 'Tell somebody nothing any more'
  remote<{ yes?: boolean }>(
    alert,
    'unsubscribe <subscriber>',
    description,
    context,
    async ({ client, args, options }) => {
      await confirm(context, 'Tell them nothing any more?', [first(args)], options.yes)
      const gone = await client.removeSubscriber({ subscriber: first(args) })
      return { document: gone, text: `${gone.address} is told nothing any more\n` }
    },
  ).option('--yes', 'do not ask')
}

function registerTest(alert: Command, context: Context): void {
  const description = 'Send all subscribers, or these, a test now; say what became of it'
  remote(alert, 'test [subscriber...]', description, context, async ({ client, args }) => {
    const { results } = await client.testSubscribers({ addresses: [...args] })
    return sentOutcome(results)
  })
}
