import type { LinkResult } from '../rows/link-row.ts'
import type { Judged, Medians, Summary } from './summary.ts'

export interface Report {
  readonly machine: string
  readonly versions: readonly string[]
  readonly startedAt: string
  readonly allocatedBytes: number
  /** All images are so many times smaller than their rows say. */
  readonly scale: number
  readonly summaries: readonly Summary[]
  readonly convert: { readonly wallSeconds: number; readonly cpuSeconds: number } | undefined
  readonly link: LinkResult | undefined
}

const LINK_MUST = 40
const LINK_AIM = 100
const MEMORY_MUST_MIB = 350
const MEMORY_AIM_MIB = 200

export function toMarkdown(report: Report): string {
  const { machine, versions, startedAt, allocatedBytes, scale, summaries } = report
  return [
    `Measured ${startedAt} on ${machine}; ${versions.join(', ')}.`,
    `The 8 GiB image holds ${mega(allocatedBytes)} MB. Ratios are medians of the ratios of paired runs.`,
    ...(scale === 1 ? [] : [`All images are ${scale} times smaller than the rows say.`]),
    '',
    '| work | against | figure | ratio (runs) | must | aim | |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...summaries.flatMap((summary) => summary.judged.map((judged) => judgedLine(summary, judged))),
    ...linkLines(report.link),
    ...memoryLines(summaries),
    '',
    '| work | side | wall s | CPU s | of it | peak MiB | stored MB | sent MB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...summaries.flatMap(({ title, peer, ours, theirs }) => [
      figuresLine(title, 'Holdfast', ours),
      figuresLine(title, peer, theirs),
    ]),
    ...convertLine(report.convert),
    '',
  ].join('\n')
}

function judgedLine({ title, peer }: Summary, judged: Judged): string {
  const { figure, ratios, must, aim, verdict } = judged
  const words = { aim: 'aim met', must: 'must met', missed: '**missed**' }
  const runs = ratios.map((ratio) => ratio.toFixed(2)).join(' ')
  const middle = `**${judged.median.toFixed(3)}** (${runs})`
  return line(title, peer, figure, middle, `≤ ${must}`, `≤ ${aim}`, words[verdict])
}

function linkLines(link: LinkResult | undefined): string[] {
  if (!link) return []
  const ways: [string, number][] = [
    ['upload', link.uploadPerSecond],
    ['download', link.downloadPerSecond],
  ]
  return ways.map(([way, rate]) => {
    const verdict = rate >= LINK_AIM ? 'aim met' : rate >= LINK_MUST ? 'must met' : '**missed**'
    const limits = [`≥ ${LINK_MUST}`, `≥ ${LINK_AIM}`] as const
    return line(`${way} at 40 ms round trip`, '–', 'MB/s', rate.toFixed(0), ...limits, verdict)
  })
}

function memoryLines(summaries: readonly Summary[]): string[] {
  if (summaries.length === 0) return []
  return ['agent', 'server'].map((name) => {
    const most = Math.max(0, ...summaries.map(({ ours }) => ours.peakBytes[name] ?? 0)) / 2 ** 20
    const met = most <= MEMORY_AIM_MIB ? 'aim met' : 'must met'
    const verdict = most <= MEMORY_MUST_MIB ? met : '**missed**'
    const limits = [`≤ ${MEMORY_MUST_MIB}`, `≤ ${MEMORY_AIM_MIB}`] as const
    return line(`resident memory, ${name}`, '–', 'MiB', most.toFixed(0), ...limits, verdict)
  })
}

function figuresLine(title: string, side: string, medians: Medians): string {
  const { wallSeconds, cpuSeconds, cpuByName, peakBytes, storedBytes, sentBytes } = medians
  const shares = entriesOf(cpuByName).map(([name, share]) => `${name} ${share.toFixed(1)}`)
  const peaks = entriesOf(peakBytes).map(([name, peak]) => `${name} ${Math.round(peak / 2 ** 20)}`)
  return line(
    title,
    side,
    wallSeconds.toFixed(2),
    cpuSeconds.toFixed(2),
    shares.join(', '),
    peaks.join(', '),
    mega(storedBytes),
    sentBytes === undefined ? '' : mega(sentBytes),
  )
}

function convertLine(convert: Report['convert']): string[] {
  if (!convert) return []
  const { wallSeconds, cpuSeconds } = convert
  const title = 'for scale: the 8 GiB image to qcow2 on the same disk'
  return [
    line(title, 'qemu-img convert', wallSeconds.toFixed(2), cpuSeconds.toFixed(2), '', '', '', ''),
  ]
}

function entriesOf(record: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(record).filter(([, value]) => value > 0)
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

function line(...cells: string[]): string {
  return `| ${cells.join(' | ')} |`
}
