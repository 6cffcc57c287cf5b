import type { Clock } from '../../core/runtime/clock.ts'
import type { ReportDocument } from '../flows/report-document.ts'
import type { Sender } from './deliver.ts'
import { tellNow, type Told } from './tell-now.ts'

/** Mails a report to each of them, now and once; what became of it. */
export function mailReport(
  sender: Sender,
  clock: Clock,
  addresses: readonly string[],
  report: ReportDocument,
): Promise<Told[]> {
  const content = { kind: 'report', report } as const
  const mail = (address: string) =>
    tellNow(sender, clock, { kind: 'mail', address, secret: null }, content)
  return Promise.all(addresses.map(mail))
}
