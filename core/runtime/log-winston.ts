import winston from 'winston'
import type { Logger } from './log.ts'

export interface LogOptions {
  readonly level: string
  /** Folder for rotated files; stderr alone when absent. */
  readonly folder?: string | undefined
  readonly name: string
}

const ROTATED_BYTES = 16 * 1024 * 1024
const ROTATED_FILES = 5

/** Text for people on stderr, JSON lines in files that rotate at 16 MiB, five kept. */
export function createLogger(options: LogOptions): Logger {
  const transports: winston.transport[] = [
    new winston.transports.Console({
      stderrLevels: ['error', 'warn', 'info', 'debug'],
      format: winston.format.combine(winston.format.timestamp(), winston.format.printf(line)),
    }),
  ]
  if (options.folder !== undefined) transports.push(file(options.folder, options.name))
  return wrap(winston.createLogger({ level: options.level, transports }))
}

function file(folder: string, name: string): winston.transport {
  return new winston.transports.File({
    dirname: folder,
    filename: `${name}.log`,
    maxsize: ROTATED_BYTES,
    maxFiles: ROTATED_FILES,
    tailable: true,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  })
}

function line(info: winston.Logform.TransformableInfo): string {
  const { timestamp, level, message, ...fields } = info
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${text(value)}`)
  return [String(timestamp), level, String(message), ...rest].join(' ')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
}

function wrap(logger: winston.Logger): Logger {
  return {
    debug: (message, fields) => void logger.debug(message, fields),
    info: (message, fields) => void logger.info(message, fields),
    warn: (message, fields) => void logger.warn(message, fields),
    error: (message, fields) => void logger.error(message, fields),
    child: (fields) => wrap(logger.child(fields)),
  }
}
