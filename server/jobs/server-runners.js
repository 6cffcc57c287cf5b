import { HoldfastError } from "../../core/model/error.js";
/** Jobs that the server does itself. What deletes is refused while the catalog is older than its store. */
export function serverRunners(deps) {
    return { collection: unlessReadOnly(deps, notYet), compaction: unlessReadOnly(deps, notYet) };
}
const notYet = () => Promise.reject(new Error('not there'));
function unlessReadOnly({ mode }, runner) {
    return (job, signal) => {
        if (mode.name === 'normal')
            return runner(job, signal);
        throw new HoldfastError('catalog-older-than-store', `read-only: ${mode.reason}`, {
            hint: 'Stop the server and run `holdfast server rebuild`: it brings the newer points in.',
        });
    };
}
//# sourceMappingURL=server-runners.js.map