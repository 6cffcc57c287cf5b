import type { RestorePool } from '../../core/chunk/restore-pool.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import type { Logger } from '../../core/runtime/log.ts';
import { TokenBucket } from '../../core/runtime/token-bucket.ts';
import type { Work__Output } from '../../core/wire/generated/holdfast/v1/Work.ts';
import type { ServerLink } from '../link/server-link.ts';
import type { UndoLog } from '../restore/undo-log.ts';
import type { RememberedSources } from '../source/remembered-sources.ts';
import type { SourceProvider } from '../source/source.ts';
import type { ReadPool } from '../transfer/read-pool.ts';
import type { JobRuns } from './job-runs.ts';
export interface WorkDeps {
    readonly link: ServerLink;
    readonly provider: SourceProvider;
    readonly remembered: RememberedSources;
    readonly runs: JobRuns;
    readonly undoLog: UndoLog;
    readonly restoreRoots: readonly string[];
    readonly readPool: ReadPool;
    readonly restorePool: RestorePool;
    /** The host's limit on what transfers send. */
    readonly throttle: TokenBucket;
    readonly clock: Clock;
    readonly log: Logger;
}
/** Starts, stops and slows jobs as the server says. */
export declare function createWorkHandler(deps: WorkDeps): (work: Work__Output) => void;
