import { Option } from 'commander'
import { remote, type Register } from '../command.ts'
import type { Kind } from '../configuration/configuration.ts'
import { wrongUsage } from '../failure.ts'

const KINDS: Readonly<Record<string, Kind>> = {
  ...{ group: 'groups', groups: 'groups', source: 'sources', sources: 'sources' },
  ...{ host: 'hosts', hosts: 'hosts' },
}

export const registerGet: Register = (program, context) => {
  const description = 'Protection groups and settings as a file that `apply` takes'
  remote(
    program,
    'get [kind] [name]',
    description,
    context,
    async ({ client, args: [word, name] }) => {
      const { currentConfiguration, toYaml } = await import('../configuration/current.ts')
      const found = await currentConfiguration(client, kindOf(word), name)
      return { document: found, text: toYaml(found) }
    },
    ({ args: [word] }) => void kindOf(word),
  )
    .addOption(
      new Option('-o, --output <form>', 'how it is printed').choices(['yaml']).default('yaml'),
    )
    .addHelpText('after', EXAMPLES)
}

const EXAMPLES = `
Examples:
  holdfast get -o yaml > fleet.yaml      all groups, sources and hosts that have settings
  holdfast get group web -o yaml`

function kindOf(word: string | undefined): Kind | undefined {
  if (word === undefined) return undefined
  const kind = KINDS[word]
  if (kind !== undefined) return kind
  throw wrongUsage(`there is no kind ${word}`, 'group, source or host')
}
