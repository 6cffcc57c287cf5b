import type { Role } from '../../core/model/role.ts'
import type { OperatorDefinition } from '../../core/wire/generated/holdfast/v1/Operator.ts'

/*
 * Which role may call which method of the Operator service, and how far a caller with a scope gets.
 * The only place that says so: gRPC asks it, and whatever else lets people in has to as well
 * (decide.ts). A method without an entry does not compile, and nobody may call it.
 */

// Without the index signature that every generated service definition has.
export type MethodName = keyof {
  [Name in keyof OperatorDefinition as string extends Name ? never : Name & string]: true
}

/** What a field of a request names. */
export type NamedKind = 'source' | 'point' | 'host' | 'job' | 'alert' | 'object'

export interface Rule {
  readonly roles: readonly Role[]
  /**
   * For callers that see only some data sources. `no`: the method is about the whole. `named`: every
   * field in `names` that is filled in must name something that they see. `filtered`: that too, and
   * the handler answers, or acts on, only what `caller.sees` has.
   */
  readonly scoped: 'no' | 'named' | 'filtered'
  readonly names?: Readonly<Record<string, NamedKind>>
  /** What else a self-service user's request has to be: a sentence when it is not. */
  readonly selfService?: (request: Readonly<Record<string, unknown>>) => string | undefined
  /** A self-service user may do it only to jobs that they asked for. */
  readonly own?: boolean
  /** `always` goes into the audit log; `refused`: only what was refused. */
  readonly audit: 'always' | 'refused'
  /** Further fields that the audit log keeps. Named ones are kept anyway; nothing else is. */
  readonly notes?: readonly string[]
}

const ADMIN = ['admin'] as const
const READERS = ['admin', 'operator', 'recovery-operator', 'viewer'] as const
const ANYBODY = [...READERS, 'self-service'] as const
const RUNNERS = ['admin', 'operator'] as const
const POINT_MAKERS = [...RUNNERS, 'self-service'] as const
const RESTORERS = ['admin', 'operator', 'recovery-operator', 'self-service'] as const
/** Those who may look into what guests wrote. */
const CONTENT = ['admin', 'recovery-operator', 'self-service'] as const

const POINT = { point: 'point' } as const
const SOURCE = { source: 'source' } as const
const HOST = { host: 'host' } as const
const JOB = { job: 'job' } as const

function read(roles: readonly Role[], scoped: Rule['scoped'], names?: Rule['names']): Rule {
  return { roles, scoped, audit: 'refused', ...(names ? { names } : {}) }
}

/** Changes something, or gives data away. */
function act(
  roles: readonly Role[],
  scoped: Rule['scoped'],
  names?: Rule['names'],
  more: Partial<Rule> = {},
): Rule {
  return { roles, scoped, audit: 'always', ...(names ? { names } : {}), ...more }
}

export const METHODS: Readonly<Record<MethodName, Rule>> = {
  GetStatus: read(READERS, 'no'),

  CreateToken: act(ADMIN, 'no', undefined, { notes: ['host', 'ttlSeconds'] }),

  // Signs the caller itself in: nothing that it may not do already.
  CreateSignInLink: act(ANYBODY, 'filtered'),

  ListHosts: read(READERS, 'filtered'),
  GetHost: read(READERS, 'named', HOST),
  RenameHost: act(ADMIN, 'no', undefined, { notes: ['host', 'name'] }),
  RevokeHost: act(ADMIN, 'no', undefined, { notes: ['host'] }),
  ThrottleHost: act(RUNNERS, 'no', undefined, { notes: ['host', 'bytesPerSecond'] }),

  ListSources: read(ANYBODY, 'filtered', HOST),
  GetSource: read(ANYBODY, 'named', SOURCE),
  SetSource: act(ADMIN, 'named', SOURCE, { notes: ['allowUnsettled', 'owner', 'tenant'] }),
  MoveOwner: act(ADMIN, 'no', undefined, { notes: ['source', 'host'] }),

  StartTransfers: act(
    POINT_MAKERS,
    'named',
    { sources: 'source' },
    { notes: ['kind', 'label', 'group'], selfService: pointsOnly },
  ),
  CreatePointFrom: act(RUNNERS, 'named', POINT, { notes: ['disk', 'label'] }),
  ListPoints: read(ANYBODY, 'filtered', { source: 'source', host: 'host' }),
  GetPoint: read(ANYBODY, 'named', POINT),
  ComparePoints: read(ANYBODY, 'named', { from: 'point', to: 'point' }),
  CommentPoint: act(POINT_MAKERS, 'named', POINT),
  ProtectPoint: act(RUNNERS, 'named', POINT),
  UnprotectPoint: act(ADMIN, 'named', POINT),
  DeletePoint: act(ADMIN, 'named', POINT, { notes: ['preview', 'reason'] }),
  UndeletePoint: act(RUNNERS, 'named', POINT),

  StartVerify: act(RUNNERS, 'no', undefined, { notes: ['points', 'all'] }),
  StartReplicaImport: act(ADMIN, 'no', undefined, { notes: ['folder'] }),
  PlanRestore: read(RESTORERS, 'named', { point: 'point', toHost: 'host' }),
  StartRestore: act(
    RESTORERS,
    'named',
    { point: 'point', toHost: 'host' },
    { notes: ['original', 'path', 'name', 'disks'], selfService: originalOnly },
  ),

  OpenDisk: act(['admin', 'recovery-operator'], 'named', POINT, { notes: ['disk'] }),
  // A session is its opener's alone.
  ReadDisk: read(['admin', 'recovery-operator'], 'filtered'),
  GetDiskRuns: read(['admin', 'recovery-operator'], 'filtered'),

  ListFiles: act(CONTENT, 'named', POINT, { notes: ['path', 'disk'] }),
  GetFiles: act(CONTENT, 'named', POINT, { notes: ['paths', 'matching', 'except', 'disk'] }),
  SearchFiles: act(CONTENT, 'named', SOURCE, { notes: ['pattern', 'disk'] }),
  CompareFiles: act(CONTENT, 'named', { from: 'point', to: 'point' }),
  // Writes to a machine what guests wrote: who may do either alone may not do both.
  StartFileRestore: act(
    ['admin', 'recovery-operator'],
    'named',
    { point: 'point', toHost: 'host' },
    { notes: ['paths', 'matching', 'except', 'disk', 'folder', 'onConflict', 'owners', 'special'] },
  ),

  ListJobs: read(ANYBODY, 'filtered', SOURCE),
  GetJob: read(ANYBODY, 'named', JOB),
  WatchJob: read(ANYBODY, 'named', JOB),
  CancelJob: act(RESTORERS, 'named', JOB, { own: true }),

  ListEvents: read(ANYBODY, 'filtered', { about: 'object' }),
  ListAlerts: read(ANYBODY, 'filtered'),
  GetAlert: read(ANYBODY, 'named', { alert: 'alert' }),
  AcknowledgeAlert: act(RUNNERS, 'named', { alert: 'alert' }),

  // Addresses of webhooks are as good as passwords: they are noted nowhere.
  ListSubscribers: read(ADMIN, 'no'),
  AddSubscriber: act(ADMIN, 'no', undefined, { notes: ['severities', 'digest', 'reports'] }),
  RemoveSubscriber: act(ADMIN, 'no'),
  TestSubscribers: act(ADMIN, 'no'),
  GetMail: read(ADMIN, 'no'),
  SetMail: act(ADMIN, 'no', undefined, { notes: ['host', 'port', 'security', 'user', 'from'] }),
  RemoveMail: act(ADMIN, 'no'),
  TestMail: act(ADMIN, 'no', undefined, { notes: ['address'] }),

  PlanGroup: read(RUNNERS, 'no'),
  SaveGroup: act(RUNNERS, 'no', undefined, {
    notes: ['name', 'create', 'newName', 'add', 'remove', 'removedPoints'],
  }),
  ListGroups: read(READERS, 'no'),
  GetGroup: read(READERS, 'no'),
  DeleteGroup: act(ADMIN, 'no', undefined, { notes: ['group', 'points', 'preview'] }),
  PreviewRetention: read(READERS, 'no'),
  ConfirmClock: act(ADMIN, 'no'),
  ListOperators: read(ADMIN, 'no'),
  AddOperator: act(ADMIN, 'no', undefined, { notes: ['name', 'role', 'scopes'] }),
  RemoveOperator: act(ADMIN, 'no', undefined, { notes: ['name'] }),
  CreateOperatorToken: act(ADMIN, 'no', undefined, { notes: ['name', 'ttlSeconds', 'replace'] }),
  RevokeOperatorTokens: act(ADMIN, 'no', undefined, { notes: ['name'] }),
  SetOperatorPassword: act(ADMIN, 'no', undefined, { notes: ['name'] }),
  ListAudit: read(ADMIN, 'no'),
  VerifyAudit: read(ADMIN, 'no'),

  GetStorage: read(READERS, 'no'),
  GetStorageHistory: read(READERS, 'no'),
  GetReport: read(READERS, 'no'),
  // Leaves the server for an address that the caller names.
  SendReport: act(RUNNERS, 'no', undefined, { notes: ['period', 'until', 'addresses'] }),
  AddVolume: act(ADMIN, 'no', undefined, { notes: ['path'] }),
  StartCollect: act(RUNNERS, 'no'),
  StartCompact: act(RUNNERS, 'no'),
}

export function ruleOf(method: string): Rule | undefined {
  return Object.hasOwn(METHODS, method) ? METHODS[method as MethodName] : undefined
}

type Asked = Readonly<Record<string, unknown>>

function pointsOnly({ kind }: Asked): string | undefined {
  return kind === 'point' ? undefined : 'a self-service user makes recovery points, nothing else'
}

function originalOnly({ original }: Asked): string | undefined {
  return original === true
    ? undefined
    : 'a self-service user recovers to the original location, or files'
}
