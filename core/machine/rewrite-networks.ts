import { HoldfastError } from '../model/error.ts'
import { driverOf, formatOptions, parseOptions, valueOf, withValue } from './option-list.ts'
import type { CommandWish, RewrittenCommand } from './rewrite-command.ts'

/** `from`: a bridge, an interface, a kind such as `user`, or the id of a network; `to`: the same, or `none`. */
export interface NetworkChange {
  readonly from: string
  readonly to: string
}

const CARD = /net|e1000|rtl8139|ne2k|pcnet|i8255|tulip|vmxnet3/

/** Puts network cards on other networks, or on none: the card stays, so that the guest finds it. */
export function rewriteNetworks(
  words: readonly string[],
  { networks, newMac }: Pick<CommandWish, 'networks' | 'newMac'>,
): RewrittenCommand {
  const changes: string[] = []
  const cut = new Set<string>()
  const used = new Set<NetworkChange>()
  const rewritten: string[] = []
  for (let at = 0; at < words.length; at++) {
    const [option = '', value = ''] = [words[at], words[at + 1]]
    if (option !== '-netdev' && option !== '-nic') {
      rewritten.push(option)
      continue
    }
    const options = parseOptions(value)
    const change = networks.find(({ from }) => namesOf(options).includes(from))
    at++
    if (change) used.add(change)
    if (change) changes.push(`network: ${change.from} became ${change.to}`)
    if (change?.to === 'none') {
      cut.add(valueOf(options, 'id') ?? '')
      if (option === '-nic') rewritten.push('-nic', 'none')
    } else rewritten.push(option, change ? backend(change.to, options, value) : value)
  }
  requireUsed(networks, used)
  return {
    words: rewritten.map((word, at) => card(rewritten[at - 1], word, cut, newMac, changes)),
    changes,
  }
}

/** QEMU's own network is a part of the machine, and of its saved memory; others lie outside. */
export function isPartOfMemory(words: readonly string[], network: string): boolean {
  return words.some((word, at) => {
    const option = words[at - 1]
    if (option !== '-netdev' && option !== '-nic') return false
    const options = parseOptions(word)
    const kind = valueOf(options, 'type') ?? driverOf(options)
    return kind === 'user' && namesOf(options).includes(network)
  })
}

/** All that one may call the network of a card. */
function namesOf(options: ReturnType<typeof parseOptions>): string[] {
  const named = ['id', 'br', 'ifname', 'bridge'].map((key) => valueOf(options, key))
  return [driverOf(options), valueOf(options, 'type'), ...named].filter(
    (name) => name !== undefined,
  )
}

function backend(to: string, options: ReturnType<typeof parseOptions>, like: string): string {
  // What belongs to the card goes along; what belonged to the old network does not.
  const kept = options.filter(({ key }) => ['id', 'model', 'mac', 'addr'].includes(key))
  const type = to === 'user' ? [] : [{ key: 'br', value: to }]
  const first = { key: to === 'user' ? 'user' : 'bridge', value: undefined }
  if (!like.startsWith('{')) return formatOptions([first, ...kept, ...type], like)
  return formatOptions([{ key: 'type', value: first.key }, ...kept, ...type], like)
}

function card(
  option: string | undefined,
  word: string,
  cut: ReadonlySet<string>,
  newMac: CommandWish['newMac'],
  changes: string[],
): string {
  if (option !== '-device' && option !== '-nic') return word
  let options = parseOptions(word)
  const isCard = option === '-nic' ? word !== 'none' : CARD.test(driverOf(options))
  if (!isCard) return word
  if (cut.has(valueOf(options, 'netdev') ?? '-')) options = withValue(options, 'netdev', undefined)
  if (newMac) {
    const mac = newMac()
    const old = valueOf(options, 'mac')
    changes.push(`MAC address: ${old ?? "QEMU's usual one"} became ${mac}`)
    options = withValue(options, 'mac', mac)
  }
  return formatOptions(options, word)
}

function requireUsed(networks: readonly NetworkChange[], used: ReadonlySet<NetworkChange>): void {
  const unknown = networks.find((change) => !used.has(change))
  if (!unknown) return
  throw new HoldfastError('invalid-argument', `the VM has no network ${unknown.from}`, {
    hint: 'A network is named by its bridge, interface, kind (user) or id in the start command.',
  })
}
