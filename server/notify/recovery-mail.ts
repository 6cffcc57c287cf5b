import type { RecoveryNotice } from '../catalog/notices.ts'
import type { Letter } from './alert-mail.ts'

const NAMED_FILES = 100

/** What came of a recovery, to whoever the request named. */
export function writeRecoveryMail(recovery: RecoveryNotice, footer: string): Letter {
  const { job, state, source, point, host, bytesWritten, files, warnings, error } = recovery
  const { startedAt, finishedAt } = recovery
  const words = state.replaceAll('-', ' ')
  const lines = [
    `The recovery of ${source} to ${host} is ${words}.`,
    ...(error === null ? [] : [`Why: ${error}`]),
    `Point ${point}, job ${job}, from ${startedAt ?? '-'} to ${finishedAt ?? '-'}.`,
    ...(bytesWritten > 0 ? [`${bytesWritten} bytes were written.`] : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...files.slice(0, NAMED_FILES),
    ...(files.length > NAMED_FILES ? [`and ${files.length - NAMED_FILES} more files`] : []),
    `$ holdfast job show ${job}`,
  ]
  return {
    subject: `Holdfast: recovery of ${source} ${words}`,
    text: `${lines.join('\n')}\n\n${footer}\n`,
  }
}
