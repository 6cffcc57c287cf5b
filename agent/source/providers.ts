import { realpath } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import type { Offer, OpenOptions, SourceProvider, SourceView } from './source.ts'

/** Several providers as one. What an earlier one has a disk of, a later one does not offer. */
export class Providers implements SourceProvider {
  readonly #providers: readonly SourceProvider[]

  constructor(providers: readonly SourceProvider[]) {
    this.#providers = providers
  }

  async offers(): Promise<Offer[]> {
    return (await this.#placed()).map(({ offer }) => offer)
  }

  watch(changed: () => void): () => void {
    const stops = this.#providers.map((provider) => provider.watch(changed))
    return () => {
      for (const stop of stops) stop()
    }
  }

  async open(key: string, options: OpenOptions): Promise<SourceView> {
    const found = (await this.#placed()).find(({ offer }) => offer.key === key)
    if (found) return found.provider.open(key, options)
    throw new HoldfastError('source-missing', `${key} is not on this host any more`)
  }

  async #placed(): Promise<{ offer: Offer; provider: SourceProvider }[]> {
    const all: { offer: Offer; provider: SourceProvider }[] = []
    const taken = new Set<string>()
    for (const provider of this.#providers) {
      const own = new Set<string>()
      for (const offer of await provider.offers()) {
        const paths = await Promise.all(offer.disks.map(({ path }) => canonical(path)))
        // What has no place on this host has none that another could have, too.
        if (paths.some((path) => path !== '' && taken.has(path))) continue
        for (const path of paths) own.add(path)
        all.push({ offer, provider })
      }
      for (const path of own) taken.add(path)
    }
    return all
  }
}

async function canonical(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}
