import pg from 'pg'
import { parseNumbers } from './array-text.ts'

/**
 * What columns become: int8 and numeric exact numbers (an error beyond 2^53, never a rounded one),
 * int8[] numbers, the rest as the driver has it (timestamptz a Date, bytea a Buffer).
 */
const PARSERS = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, exactNumber],
  [pg.types.builtins.NUMERIC, Number],
  [1016, parseNumbers], // int8[]
])

function exactNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`not exact in a number: ${text}`)
  return value
}

const passText = (text: string) => text

export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return passText
    return PARSERS.get(oid) ?? (pg.types.getTypeParser(oid, 'text') as typeof passText)
  },
}
