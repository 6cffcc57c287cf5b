import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

interface Monitored {
  qmp<T>(command: string, args?: Record<string, unknown>): Promise<T>
}

interface Node {
  readonly 'node-name': string
  readonly drv: string
  readonly 'dirty-bitmaps'?: readonly { readonly name?: string }[]
}

/** Everything of ours in a VM but the bitmaps that are meant to stay. */
export async function leftovers(vm: Monitored): Promise<string[]> {
  const nodes = await vm.qmp<Node[]>('query-named-block-nodes', { flat: true })
  const exports = await vm.qmp<{ id: string }[]>('query-block-exports')
  const jobs = await vm.qmp<{ id: string }[]>('query-jobs')
  return [
    ...nodes.map((node) => node['node-name']),
    ...nodes.flatMap((node) => (node['dirty-bitmaps'] ?? []).map(({ name }) => name ?? '?')),
    ...exports.map(({ id }) => id),
    ...jobs.map(({ id }) => id),
  ].filter((name) => name.startsWith('hf-') && !/^hf-[^-]+-v-/.test(name))
}

export async function requireClean(vm: Monitored, folder: string): Promise<void> {
  assert.deepEqual(await leftovers(vm), [])
  for (const name of await readdir(folder))
    if (/-(undo|scratch)$/.test(name)) assert.deepEqual(await readdir(join(folder, name)), [], name)
}
