import { realpath } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import type { KindProvider, Offer, OpenOptions, SourceProvider, SourceView } from './source.ts'

/** Several providers as one. What an earlier one has a disk of, a later one does not offer. */
export class Providers implements SourceProvider {
  readonly #providers: readonly KindProvider[]

  constructor(providers: readonly KindProvider[]) {
    this.#providers = providers
  }

  async offers(): Promise<Offer[]> {
    const offers: Offer[] = []
    const taken = new Set<string>()
    for (const provider of this.#providers) {
      const placed = await place(provider, taken)
      for (const { own } of placed) for (const path of own) taken.add(path)
      offers.push(...placed.map(({ offer }) => offer))
    }
    return offers
  }

  watch(changed: () => void): () => void {
    const stops = this.#providers.map((provider) => provider.watch(changed))
    return () => {
      for (const stop of stops) stop()
    }
  }

  async open(key: string, options: OpenOptions): Promise<SourceView> {
    const provider = await this.#owner(key)
    if (provider) return provider.open(key, options)
    throw new HoldfastError('source-missing', `${key} is not on this host any more`)
  }

  /** Whose it is, as offers() has it. Providers behind it are not looked at; one that cannot tell may not have it. */
  async #owner(key: string): Promise<SourceProvider | undefined> {
    const taken = new Set<string>()
    const failures: unknown[] = []
    for (const provider of this.#providers) {
      const paths = await provider.pathsOf(key).catch((error: unknown) => {
        failures.push(error)
        return undefined
      })
      if (paths && !isTaken(await canonicals(paths), taken)) return provider
      for (const { own } of await place(provider, taken)) for (const path of own) taken.add(path)
    }
    if (failures.length > 0) throw failures[0]
    return undefined
  }
}

/** What of a provider's nobody before it has, with where its disks lie. */
async function place(
  provider: SourceProvider,
  taken: ReadonlySet<string>,
): Promise<{ offer: Offer; own: readonly string[] }[]> {
  const placed: { offer: Offer; own: readonly string[] }[] = []
  for (const offer of await provider.offers()) {
    const own = await canonicals(offer.disks.map(({ path }) => path))
    if (!isTaken(own, taken)) placed.push({ offer, own })
  }
  return placed
}

/** What has no place on this host has none that another could have, too. */
function isTaken(paths: readonly string[], taken: ReadonlySet<string>): boolean {
  return paths.some((path) => path !== '' && taken.has(path))
}

function canonicals(paths: readonly string[]): Promise<string[]> {
  return Promise.all(paths.map((path) => realpath(path).catch(() => path)))
}
