import { TokenBucket } from "../../core/runtime/token-bucket.js";
import { runRestore } from "../restore/restore.js";
import { findWriters } from "../source/open-files.js";
import { runTransferJob } from "./run-transfer.js";
/** Starts, stops and slows jobs as the server says. */
export function createWorkHandler(deps) {
    const limits = new Map();
    return ({ transfer, restore, cancel, throttle }) => {
        if (transfer) {
            deps.throttle.setRate(transfer.bytesPerSecond);
            deps.runs.start(transfer.job, (signal) => runTransferWork(deps, transfer, signal));
        }
        else if (restore) {
            const limit = new TokenBucket(deps.clock, restore.bytesPerSecond);
            limits.set(restore.job, limit);
            deps.runs.start(restore.job, async (signal) => {
                await runRestoreWork(deps, restore, limit, signal);
                limits.delete(restore.job);
            });
        }
        else if (cancel)
            deps.runs.cancel(cancel.job, cancel.reason);
        else if (throttle) {
            const limit = throttle.job === '' ? deps.throttle : limits.get(throttle.job);
            limit?.setRate(throttle.bytesPerSecond);
        }
    };
}
function runTransferWork(deps, order, signal) {
    const { link, provider, readPool: pool, throttle, clock, log } = deps;
    return runTransferJob({ link, provider, pool, throttle, clock, log }, order, signal);
}
async function runRestoreWork(deps, work, throttle, signal) {
    const { link, restorePool: pool, restoreRoots: roots, undoLog, clock, log } = deps;
    await runRestore({
        ...{ work, link, pool, roots, undoLog, throttle, clock, log, signal },
        resolveOriginal: (key) => deps.remembered.disksOf(key),
        findWriters,
        report: (report) => link.report(report),
    });
}
//# sourceMappingURL=work.js.map