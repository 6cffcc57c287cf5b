import { chunkStoreSuite } from './chunk-store.suite.ts'
import { localStore } from './folders.ts'

chunkStoreSuite('local, one volume', () => localStore(1))
chunkStoreSuite('local, two volumes', () => localStore(2))
chunkStoreSuite('local, through the page cache', () => localStore(1, { buffered: true }))
