import type { AlertRule } from './rule.ts'
import * as groups from './rules/groups.ts'
import * as hosts from './rules/hosts.ts'
import { noticeFailed } from './rules/notices.ts'
import { recoveryRules } from './rules/recoveries.ts'
import { replicaRules } from './rules/replicas.ts'
import * as storage from './rules/storage.ts'
import { guestFreezeFailed, repeatedComparison } from './rules/transfers.ts'

/** Alerts that are so as long as something is so. All others are raised where they happen. */
export const RULES: readonly AlertRule[] = [
  hosts.unreachable,
  hosts.incompatible,
  hosts.taskFailed,
  hosts.clockSkew,
  hosts.certificateExpiring,
  ...replicaRules,
  guestFreezeFailed,
  repeatedComparison,
  groups.rpoExceeded,
  groups.unprotected,
  groups.ruleMatchesNothing,
  groups.ruleMatchesEverything,
  groups.configureProtectionFailed,
  groups.stopProtectionFailed,
  groups.retentionNotMet,
  ...recoveryRules,
  storage.storeFilling,
  storage.volumeMissing,
  storage.catalogFilling,
  storage.serverReadOnly,
  noticeFailed,
  storage.verificationOverdue,
  ...storage.ownJobRules,
]
