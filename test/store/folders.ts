import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStore } from '../../server/store/create-store.ts'
import {
  openLocalStore,
  type LocalStore,
  type LocalStoreOptions,
} from '../../server/store/local-store.ts'
import type { StoreUnderTest } from './chunk-store.suite.ts'

/** Machines that run tests need not have the room that a real reserve asks for. */
export const TEST_RESERVE_BYTES = 0

export interface LocalUnderTest extends StoreUnderTest {
  readonly store: LocalStore
  readonly folders: readonly string[]
  readonly reopen: (more?: Partial<LocalStoreOptions>) => Promise<LocalStore>
}

/** A new store of `volumes` volumes in a temporary folder. */
export async function localStore(
  volumes: number,
  options: Partial<LocalStoreOptions> = {},
): Promise<LocalUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-store-'))
  const folders = Array.from({ length: volumes }, (_, i) => join(root, `volume-${i}`))
  await createStore(folders, { catalogId: 'catalog-test' })
  const usual = { folders, reserveBytes: TEST_RESERVE_BYTES, ...options }
  const store = await openLocalStore(usual)
  let open = store
  return {
    store,
    folders,
    async reopen(more = {}) {
      await open.close()
      open = await openLocalStore({ ...usual, ...more })
      return open
    },
    async cleanUp() {
      await open.close()
      await rm(root, { recursive: true })
    },
  }
}
