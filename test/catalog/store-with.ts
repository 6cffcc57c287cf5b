import type { ChunkStore } from '../../server/store/chunk-store.ts'

/** The store itself, but for these methods. */
export function storeWith(store: ChunkStore, methods: Partial<ChunkStore>): ChunkStore {
  return new Proxy(store, {
    get(target, name) {
      const own = methods[name as keyof ChunkStore]
      if (own !== undefined) return own
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
