import type { OperatorHandlers } from '../operator-handlers.ts'
import type { OperatorDeps } from './deps.ts'
import { diskHandlers } from './disks.ts'
import { fileHistoryHandlers } from './file-history.ts'
import { fileHandlers } from './files.ts'
import { groupHandlers } from './groups.ts'
import { hostHandlers } from './hosts.ts'
import { importHandlers } from './replica-imports.ts'
import { jobHandlers } from './jobs.ts'
import { mailHandlers } from './mail.ts'
import { peopleHandlers } from './people.ts'
import { pointHandlers } from './points.ts'
import { recordHandlers } from './records.ts'
import { reportHandlers } from './reports.ts'
import { restoreHandlers } from './restores.ts'
import { signInHandlers } from './sign-in.ts'
import { retentionHandlers } from './retention.ts'
import { sourceHandlers } from './sources.ts'
import { statusHandlers } from './status.ts'
import { storageHandlers } from './storage.ts'
import { subscriberHandlers } from './subscribers.ts'
import { transferHandlers } from './transfers.ts'

/** All that operators may ask for, a file a subject. */
export function operatorHandlers(deps: OperatorDeps): OperatorHandlers {
  return {
    ...statusHandlers(deps),
    ...hostHandlers(deps),
    ...sourceHandlers(deps),
    ...transferHandlers(deps),
    ...pointHandlers(deps),
    ...restoreHandlers(deps),
    ...diskHandlers(deps),
    ...fileHandlers(deps),
    ...fileHistoryHandlers(deps),
    ...jobHandlers(deps),
    ...importHandlers(deps),
    ...recordHandlers(deps),
    ...subscriberHandlers(deps),
    ...mailHandlers(deps),
    ...peopleHandlers(deps),
    ...storageHandlers(deps),
    ...reportHandlers(deps),
    ...signInHandlers(deps),
    ...groupHandlers(deps),
    ...retentionHandlers(deps),
  }
}
