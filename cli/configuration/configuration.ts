import { z } from 'zod'
import { HoldfastError } from '../../core/model/error.ts'
import { readYaml } from '../../core/document/checked-yaml.ts'
import { rateOption } from '../input/operand.ts'
import { text } from './entry-value.ts'
import { groupEntry, sourceName } from './group-entry.ts'

const sourceEntry = z.strictObject({
  name: sourceName,
  owner: z.string().optional(),
  tenant: z.string().optional(),
  allowUnsettled: z.boolean().optional(),
})

const hostEntry = z.strictObject({ name: z.string().min(1), rate: text(rateOption).optional() })

const shape = z
  .strictObject({
    groups: z.array(groupEntry).default([]),
    sources: z.array(sourceEntry).default([]),
    hosts: z.array(hostEntry).default([]),
  })
  .superRefine((all, context) => {
    for (const kind of ['groups', 'sources', 'hosts'] as const) onceEach(kind, all[kind], context)
    onceMembers(all.groups, context)
  })

export type SourceEntry = z.output<typeof sourceEntry>
export type HostEntry = z.output<typeof hostEntry>

/** A fleet as its file says it. */
export interface Configuration extends z.output<typeof shape> {
  /** Where an entry begins, as errors say it: `FILE:LINE`. */
  at(kind: Kind, index: number): string
}

export type Kind = 'groups' | 'sources' | 'hosts'

/** Throws 'invalid-argument' with every problem and its line. */
export function parseConfiguration(content: string, file: string): Configuration {
  const reading = readYaml(content, shape)
  if ('problems' in reading)
    throw new HoldfastError('invalid-argument', `${file}: ${reading.problems.join('; ')}`, {
      hint: 'Nothing was done. `holdfast get -o yaml` shows what a whole file looks like.',
    })
  const at = (kind: Kind, index: number) => `${file}:${reading.lineOf([kind, index])}`
  return { ...reading.value, at }
}

type Context = { addIssue(issue: { code: 'custom'; path: PropertyKey[]; message: string }): void }

function onceEach(kind: Kind, entries: readonly { readonly name: string }[], context: Context) {
  const seen = new Set<string>()
  for (const [index, { name }] of entries.entries()) {
    const path = [kind, index, 'name']
    if (seen.has(name))
      context.addIssue({ code: 'custom', path, message: `${name} is there twice` })
    seen.add(name)
  }
}

function onceMembers(
  groups: readonly { readonly name: string; readonly members: readonly string[] }[],
  context: Context,
): void {
  const taken = new Map<string, string>()
  for (const [index, { name, members }] of groups.entries())
    for (const [at, member] of members.entries()) {
      const path = ['groups', index, 'members', at]
      const other = taken.get(member)
      if (other !== undefined)
        context.addIssue({
          code: 'custom',
          path,
          message: `${member} is in group ${other} already`,
        })
      taken.set(member, name)
    }
}
