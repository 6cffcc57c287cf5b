import { systemFileSystem } from '../../core/runtime/file-system.ts'
import { AlertWatch } from '../alerts/alert-watch.ts'
import type { ServerOptions } from '../options.ts'
import type { Foundation } from './foundation.ts'
import { watchedCertificates } from './watched-certificates.ts'

/** Who looks at what alerts are about. */
export function openAlertWatch(options: ServerOptions, foundation: Foundation): AlertWatch {
  const { dataFolder, databaseUrl, historyMs } = options
  return new AlertWatch({
    ...foundation,
    historyMs,
    catalogSpace: async () =>
      databaseUrl === undefined ? systemFileSystem.space(dataFolder) : null,
    certificates: () => watchedCertificates(options),
  })
}
