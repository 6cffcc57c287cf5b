import { InvalidArgumentError } from 'commander'
import { parseDuration } from './duration.ts'
import { parseMoment } from './moment.ts'
import { parseRate, parseSize } from './size.ts'

/** The first operand; commander has refused the command line already when it is missing. */
export function first(args: readonly string[]): string {
  return nth(args, 0)
}

export function nth(args: readonly string[], at: number): string {
  const value = args[at]
  if (value === undefined) throw new Error(`no operand ${at}`)
  return value
}

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

export function rateOption(text: string): number {
  const rate = parseRate(text)
  if (rate === undefined) throw new InvalidArgumentError('It is no rate such as 50MiB, or none.')
  return rate
}

export function sizeOption(text: string): number {
  const size = parseSize(text)
  if (size === undefined || size === 0)
    throw new InvalidArgumentError('It is no size such as 2GiB.')
  return size
}

export function durationOption(text: string): number {
  const seconds = parseDuration(text)
  if (seconds === undefined) throw new InvalidArgumentError('It is no duration such as 15m or 30d.')
  return seconds
}

export function countOption(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is no number above 0.')
  return Number(text)
}

/** `--offset`: so many are left out. */
export function offsetOption(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is no number.')
  return Number(text)
}

/** `--since`: a time, or how long ago. */
export function pastOption(nowMs: number): (text: string) => string {
  return (text) => {
    const moment = parseMoment(text, nowMs, -1)
    if (moment === undefined)
      throw new InvalidArgumentError(
        'It is no time such as 2026-11-22T08:00Z, and no age such as 2d.',
      )
    return moment
  }
}

/** `--expires`: a time, or how long from now. */
export function futureOption(nowMs: number): (text: string) => string {
  return (text) => {
    const moment = parseMoment(text, nowMs, 1)
    if (moment === undefined || Date.parse(moment) <= nowMs)
      throw new InvalidArgumentError('It is no duration such as 30d, and no time to come.')
    return moment
  }
}
