import { z } from 'zod'
import { QmpRefusal, type Qmp } from './qmp.ts'

const expansion = z.looseObject({
  model: z.looseObject({ props: z.record(z.string(), z.unknown()) }),
})

export interface CpuDescription {
  /** As QEMU calls it: `max-x86_64-cpu`. */
  readonly type: string
  /** Features that the guest has, in QEMU's words. */
  readonly features: readonly string[]
}

/** The processor as the guest has it, whatever model and flags it was asked for with. */
export async function describeCpu(qmp: Qmp, path: string): Promise<CpuDescription> {
  const type = await qmp.execute<string>('qom-get', { path, property: 'type' })
  const names = await featuresOfHost(qmp)
  const found = await Promise.all(
    names.map(async (property) => {
      const value = await qmp.execute('qom-get', { path, property }).catch(asRefused(false))
      return value === true ? [property] : []
    }),
  )
  return { type, features: found.flat().sort() }
}

/** All that this QEMU can give a guest on this machine; also the words for what a guest has. */
export async function featuresOfHost(qmp: Qmp, isGiven = false): Promise<string[]> {
  const answer = await qmp
    .execute('query-cpu-model-expansion', { type: 'full', model: { name: 'max' } })
    .catch(asRefused(undefined))
  if (answer === undefined) return [] // not every architecture can tell
  const { props } = expansion.parse(answer).model
  const isFeature = (name: string) => typeof props[name] === 'boolean' && !NO_FEATURE.test(name)
  return Object.keys(props).filter((name) => isFeature(name) && (!isGiven || props[name] === true))
}

/** What QEMU does not know is no failure; a monitor that was lost is, and must not pass for less features. */
function asRefused<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof QmpRefusal) return value
    throw error
  }
}

/** Settings of QEMU's processor that are no instruction of it. */
const NO_FEATURE =
  /^(check|enforce|migratable|realized|hotplugged|hotpluggable|start-powered-off|pmu|lmce|l3-cache|vmware-cpuid-freq|tcg-cpuid|host-cache-info|legacy-cache|kvm|fill-mtrr-mask|cpuid-0xb|x-.*|full-cpuid-auto-level|xen-.*|memory|.*=.*)$/
