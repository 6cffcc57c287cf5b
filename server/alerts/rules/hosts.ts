import { createHash } from 'node:crypto'
import { hostTroubles, clockDifferences } from '../../catalog/host-troubles.ts'
import { inWords, severityAt, type AlertRule } from '../rule.ts'

/** An agent that restarts, or a network that blinks, is nothing to wake somebody for. */
const SILENT_SECONDS = 300
/** Agents renew their certificates, of 30 days, when 10 are left. */
const EXPIRING_SECONDS = 5 * 86_400
const SKEWED_SECONDS = 120

export const unreachable: AlertRule = {
  type: 'agent-unreachable',
  async find({ q, watchedMs }) {
    if (watchedMs < SILENT_SECONDS * 1000) return undefined
    const hosts = await hostTroubles(q)
    return hosts
      .filter(
        ({ state, silentSeconds }) => state === 'unreachable' && silentSeconds >= SILENT_SECONDS,
      )
      .map(({ id, name, silentSeconds, protects }) => ({
        object: id,
        severity: protects ? ('critical' as const) : ('warning' as const),
        cause: `the agent of host ${name} is out of reach since ${inWords(silentSeconds)} or more`,
        action: protects
          ? 'Its data sources get no new points. Look whether host and agent run, and whether they reach the server.'
          : 'Look whether host and agent run; `holdfast host revoke` ends a host that is gone for good.',
        command: 'holdfast host show {object}',
      }))
  },
}

export const incompatible: AlertRule = {
  type: 'agent-incompatible',
  async find({ q }) {
    const hosts = await hostTroubles(q)
    return hosts.flatMap(({ id, name, state, incompatibleReason }) =>
      state === 'incompatible'
        ? {
            object: id,
            severity: 'critical' as const,
            cause: `the agent of host ${name} is refused: ${incompatibleReason ?? ''}`,
            action: 'Bring agent and server to the same release.',
          }
        : [],
    )
  },
}

/** What the agent itself says is wrong; who owns what has an alert of its own. */
export const taskFailed: AlertRule = {
  type: 'agent-task-failed',
  async find({ q }) {
    const hosts = await hostTroubles(q)
    return hosts.flatMap(({ id, name, warnings }) => {
      const own = warnings.filter((warning) => !warning.startsWith('source-owned-elsewhere:'))
      if (own.length === 0) return []
      const cause = `host ${name}: ${own.join('; ')}`
      return {
        ...{ object: id, severity: 'warning' as const, cause },
        action: 'The sentence says what the agent could not do. It tries again by itself.',
        occurrence: createHash('sha256').update(cause).digest('hex').slice(0, 16),
        command: 'holdfast host show {object}',
      }
    })
  },
}

export const clockSkew: AlertRule = {
  type: 'clock-skew',
  async find({ q, now }) {
    const all = await clockDifferences(q, now)
    return all
      .filter(({ aheadSeconds }) => Math.abs(aheadSeconds) >= SKEWED_SECONDS)
      .map(({ object, name, aheadSeconds }) => ({
        object,
        severity: 'warning' as const,
        cause: `the clock of ${name} is ${inWords(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? 'ahead of' : 'behind'} the server's`,
        action:
          'Set both clocks by a time server. Order and retention go by the server alone; certificates do not.',
      }))
  },
}

export const certificateExpiring: AlertRule = {
  type: 'certificate-expiring',
  async find({ q, now, certificates }) {
    const hosts = await hostTroubles(q)
    const ofHosts = hosts.flatMap(({ id, name, certificateSeconds }) =>
      certificateSeconds === null || certificateSeconds >= EXPIRING_SECONDS
        ? []
        : {
            object: id,
            severity: certificateSeconds < 86_400 ? ('critical' as const) : ('warning' as const),
            cause: `the certificate of host ${name} ${ends(certificateSeconds)}`,
            action:
              'Agents renew it while they run: start the agent. Once it has ended, enrol the host again with `holdfast token create --host NAME`.',
          },
    )
    return [...ofHosts, ...certificates.flatMap((certificate) => ownExpiring(certificate, now))]
  },
}

const DAY = 86_400

function ownExpiring({ name, expiresAt }: { name: string; expiresAt: Date }, now: Date) {
  const seconds = (expiresAt.getTime() - now.getTime()) / 1000
  const severity = severityAt(-seconds, [
    [-30 * DAY, 'warning'],
    [-7 * DAY, 'critical'],
  ])
  if (severity === undefined) return []
  const action =
    'Start the server again with a certificate that is good for longer; its own ones are made at each start.'
  return [{ object: name, severity, cause: `${name} ${ends(seconds)}`, action }]
}

function ends(seconds: number): string {
  return seconds <= 0 ? 'has ended' : `ends in ${inWords(seconds)}`
}
