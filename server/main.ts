import { join } from 'node:path'
import { VERSION } from '../core/model/release.ts'
import { withRoomIn } from '../core/runtime/full-disk.ts'
import { Lifecycle } from '../core/runtime/lifecycle.ts'
import type { Logger } from '../core/runtime/log.ts'
import { PlannedClock } from '../core/runtime/planned-clock.ts'
import { createLogger } from '../core/runtime/log-winston.ts'
import { stopSignal } from '../core/runtime/stop-signal.ts'
import { Notifier } from './notify/notifier.ts'
import type { ServerOptions } from './options.ts'
import { keepSnapshots } from './start/keep-snapshots.ts'
import { openFoundation, type Foundation } from './start/foundation.ts'
import { openNetwork } from './start/network.ts'
import { openServices } from './start/services.ts'

/** Runs the protection server until it is told to stop; then everything is released in reverse. */
export function runServer(options: ServerOptions): Promise<void> {
  return withRoomIn(options.dataFolder, () => serve(options))
}

async function serve(options: ServerOptions): Promise<void> {
  const lifecycle = new Lifecycle()
  const stop = stopSignal()
  const log = createLogger({
    level: options.logLevel,
    folder: join(options.dataFolder, 'logs'),
    name: 'server',
  })
  try {
    const { superseded } = await startServer(options, log, lifecycle)
    await Promise.race([stop.received, superseded])
    log.info('stopping', { signal: stop.name() })
  } finally {
    await lifecycle.release()
  }
}

/** Bottom-up: what lasts, then what works on it, then who may ask for it. */
async function startServer(
  options: ServerOptions,
  log: Logger,
  lifecycle: Lifecycle,
): Promise<Foundation> {
  const foundation = await openFoundation(options, log, lifecycle)
  const services = openServices(options, foundation, lifecycle)
  const rpc = await openNetwork(options, foundation, services, lifecycle)
  services.dispatcher.start()
  lifecycle.onRelease('the dispatcher', () => services.dispatcher.stop())
  services.scheduler.start()
  lifecycle.onRelease('the schedule', () => services.scheduler.stop())
  const notifier = new Notifier({ ...foundation, ...rpc.sender })
  notifier.start()
  lifecycle.onRelease('the notices', () => notifier.stop())
  // Where a test moves the clock, what is due by it happens at once.
  if (foundation.clock instanceof PlannedClock)
    foundation.clock.onMoved(() => void services.scheduler.tick())
  if (foundation.mode.name === 'normal')
    lifecycle.onRelease('the snapshots', keepSnapshots({ ...foundation, ...options }))
  const { operators: listen, agents, console, operatorFile } = rpc
  const { serverId } = foundation
  log.info('ready', { listen, agents, console, version: VERSION })
  options.onReady?.({ serverId, listen, agents, console, operatorFile })
  return foundation
}
