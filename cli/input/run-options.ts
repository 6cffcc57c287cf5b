import path from 'node:path'
import { z } from 'zod'
import { parseLibvirtUri } from '../../agent/libvirt/libvirt-uri.ts'
import type { AgentOptions, DeclaredSource } from '../../agent/options.ts'
import { parseAddress, type Address } from '../../core/model/address.ts'
import { DEFAULT_LIMITS } from '../../server/limits.ts'
import type { ConsoleOptions, RebuildOptions, ServerOptions } from '../../server/options.ts'
import { wrongUsage } from '../failure.ts'
import { parseDuration } from './duration.ts'

/*
 * Command line and environment of the long-running processes → their options. All problems are
 * told at once, each with the option that has it.
 */

type Env = Readonly<Record<string, string | undefined>>

const folder = z
  .string()
  .min(1)
  .transform((text) => path.resolve(text))

const address = z.string().transform((text, problems) => {
  const parsed = parseAddress(text)
  if (parsed) return parsed
  problems.addIssue({ code: 'custom', message: `${text} is no HOST:PORT` })
  return z.NEVER
})

const addressOrNone = z.string().transform((text, problems) => {
  const parsed = text === 'none' ? 'none' : parseAddress(text)
  if (parsed) return parsed
  problems.addIssue({ code: 'custom', message: `${text} is no HOST:PORT, nor none` })
  return z.NEVER
})

const advertised = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/, 'is no name or number of a machine')

// Below a host's name, so no part of it may lead out; `@` begins the name of a point.
const sourceName = z
  .string()
  .regex(/^[^/@\s][^@\p{Cc}]*$/u, 'is no name for a data source')
  .refine((name) => !name.split('/').includes('..'), 'a name has no ..')

/** A path may have its format before it: `qcow2:/images/web`. */
function absolute(text: string): string {
  const prefix = /^(raw|qcow2|vhd|vpc|vhdx|vmdk):/.exec(text)?.[0] ?? ''
  return `${prefix}${path.resolve(text.slice(prefix.length))}`
}

const declared = z.string().transform((text, problems): DeclaredSource => {
  const [, name = '', list = ''] = /^([^=]+)=(.+)$/.exec(text) ?? []
  const paths = list.split(',')
  const named = sourceName.safeParse(name)
  if (named.success && !paths.includes('')) return { name, paths: paths.map(absolute) }
  problems.addIssue({ code: 'custom', message: `${text} is no NAME=PATH[,PATH]...` })
  return z.NEVER
})

const libvirt = z.string().transform((text, problems) => {
  try {
    parseLibvirtUri(text)
    return text
  } catch (error) {
    problems.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
})

const logLevel = z.enum(['error', 'warn', 'info', 'debug']).default('info')
const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'is no postgresql:// address')
  .optional()

const restTime = z
  .string()
  .default('72h')
  .transform((text, problems) => {
    const seconds = text === '0' ? 0 : parseDuration(text)
    if (seconds !== undefined) return seconds * 1000
    problems.addIssue({ code: 'custom', message: `${text} is no duration such as 72h, nor 0` })
    return z.NEVER
  })

const DAY_SECONDS = 86_400

const historyTime = z
  .string()
  .default('33d')
  .transform((text, problems) => {
    const seconds = parseDuration(text) ?? 0
    if (seconds >= 7 * DAY_SECONDS && seconds <= 3650 * DAY_SECONDS) return seconds * 1000
    problems.addIssue({ code: 'custom', message: `${text} is no duration from 7d to 3650d` })
    return z.NEVER
  })

const atOnce = z.coerce.number().int().min(1).max(1000)

const rebuildShape = z.object({
  '--data': folder,
  '--store': z.array(folder).default([]),
  DATABASE_URL: databaseUrl,
  HOLDFAST_LOG_LEVEL: logLevel,
})

const serverShape = rebuildShape.extend({
  '--listen': address,
  '--agents': address,
  '--console': addressOrNone.optional(),
  '--console-certificate': z
    .string()
    .min(1)
    .transform((file) => path.resolve(file))
    .optional(),
  '--console-key': z
    .string()
    .min(1)
    .transform((file) => path.resolve(file))
    .optional(),
  '--console-plain': z.boolean().default(false),
  '--advertise': z.array(advertised).default([]),
  '--mail': folder.optional(),
  '--openid': folder.optional(),
  '--transfers': atOnce.default(DEFAULT_LIMITS.transfers),
  '--host-transfers': atOnce.default(DEFAULT_LIMITS.transfersOfHost),
  '--recoveries': atOnce.default(DEFAULT_LIMITS.recoveries),
  '--undo': restTime,
  '--history': historyTime,
  '--trash': restTime,
  '--audit': restTime.default(14 * 24 * 3600 * 1000),
  '--sample': z.coerce.number().min(0).max(100).default(0.5),
})

const agentShape = z.object({
  '--data': folder,
  '--name': sourceName.optional(),
  '--join-file': z.string().min(1).optional(),
  '--images': z.array(folder).default([]),
  '--source': z.array(declared).default([]),
  '--vm': z.array(folder).default([]),
  '--libvirt': z.array(libvirt).default([]),
  '--restore-root': z.array(folder).default([]),
  '--scratch': folder.optional(),
  '--scripts': folder.optional(),
  '--reflink': z.boolean().default(true),
  HOLDFAST_LOG_LEVEL: logLevel,
})

/** What commander found, under the names that people typed. */
export type Given = Readonly<Record<string, unknown>>

/** Options as commander has them, under the names that people typed: `joinFile` → `--join-file`. */
export function asTyped(options: object): Given {
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [`--${kebab(name)}`, value as unknown]),
  )
}

export function toServerOptions(given: Given, env: Env): ServerOptions {
  const checked = check(serverShape, given, env)
  return {
    ...common(checked),
    listen: checked['--listen'],
    agents: checked['--agents'],
    console: toConsole(checked),
    advertise: checked['--advertise'],
    mailFile: checked['--mail'] ?? path.join(checked['--data'], 'mail.json'),
    openIdFile: checked['--openid'] ?? path.join(checked['--data'], 'openid.json'),
    undoMs: checked['--undo'],
    limits: {
      transfers: checked['--transfers'],
      transfersOfHost: checked['--host-transfers'],
      recoveries: checked['--recoveries'],
    },
    historyMs: checked['--history'],
    trashMs: checked['--trash'],
    auditMs: checked['--audit'],
    sampleShare: checked['--sample'] / 100,
  }
}

function toConsole(checked: z.infer<typeof serverShape>): ConsoleOptions | undefined {
  const at = checked['--console'] ?? besideOperators(checked['--listen'])
  if (at === 'none') return undefined
  const [certificate, key] = [checked['--console-certificate'], checked['--console-key']]
  const plain = checked['--console-plain']
  if ((certificate === undefined) !== (key === undefined))
    throw wrongUsage('--console-certificate and --console-key belong together')
  if (plain && certificate !== undefined)
    throw wrongUsage('--console-plain serves no certificate: give one or the other')
  if (plain && !isLoopback(at.host))
    throw wrongUsage(`--console-plain is for loopback only, not for ${at.host}`)
  return { at, plain, own: certificate && key ? { certificate, key } : undefined }
}

const CONSOLE_DISTANCE = 80

/** Several servers on one machine have consoles of their own, unless somebody says where. */
function besideOperators({ port }: Address): Address {
  return { host: '127.0.0.1', port: port === 0 ? 0 : port + CONSOLE_DISTANCE }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

export function toRebuildOptions(given: Given, env: Env): RebuildOptions {
  return common(check(rebuildShape, given, env))
}

function common(checked: z.infer<typeof rebuildShape>): RebuildOptions {
  return {
    dataFolder: checked['--data'],
    storeFolders: checked['--store'],
    databaseUrl: checked.DATABASE_URL,
    logLevel: checked.HOLDFAST_LOG_LEVEL,
  }
}

export function toAgentOptions(given: Given, env: Env): AgentOptions {
  const checked = check(agentShape, given, env)
  const sources = checked['--source']
  const twice = sources.find(({ name }, at) => sources.findIndex((s) => s.name === name) !== at)
  if (twice) throw wrongUsage(`--source: ${twice.name} is declared twice`)
  const joinFile = checked['--join-file']
  return {
    dataFolder: checked['--data'],
    name: checked['--name'],
    joinFile: joinFile === undefined || joinFile === '-' ? joinFile : path.resolve(joinFile),
    joinToken: env['HOLDFAST_JOIN_TOKEN'] || undefined,
    images: checked['--images'],
    sources,
    vms: checked['--vm'],
    libvirts: checked['--libvirt'],
    restoreRoots: checked['--restore-root'],
    scratch: checked['--scratch'],
    scripts: checked['--scripts'],
    reflink: checked['--reflink'],
    logLevel: checked.HOLDFAST_LOG_LEVEL,
  }
}

function check<Shape extends z.ZodObject>(shape: Shape, given: Given, env: Env): z.infer<Shape> {
  // An empty variable is one that is not set: compose files write them so.
  const variables = Object.entries(env).filter(
    ([name, value]) => value !== '' && name in shape.shape,
  )
  const parsed = shape.safeParse({ ...Object.fromEntries(variables), ...given })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    ({ path: [name], message }) => `${String(name)}: ${message}`,
  )
  throw wrongUsage(problems.join('; '))
}
