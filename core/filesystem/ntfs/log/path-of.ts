import { HoldfastError } from '../../../model/error.ts'
import { parseFileName } from '../file-name.ts'
import type { FileTable } from '../file-table.ts'
import { readFile } from '../ntfs-file.ts'
import { ATTRIBUTE, readReference, residentValue } from '../record.ts'

const ROOT = 5
const MAX_DEPTH = 64

/** What people know a file by, as far as its names can be followed; for messages only. */
export async function pathOf(table: FileTable, number: number): Promise<string> {
  const names: string[] = []
  try {
    let at = number
    for (let depth = 0; at !== ROOT; depth++) {
      if (depth > MAX_DEPTH) return `record ${number}`
      const { name, parent } = await nameOf(table, at)
      names.unshift(name)
      at = parent
    }
    return `/${names.join('/')}`
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error
    return names.length > 0 ? `…/${names.join('/')}` : `a file that is new (record ${number})`
  }
}

async function nameOf(table: FileTable, number: number): Promise<{ name: string; parent: number }> {
  const file = await readFile(table, number)
  for (const { load } of file.each(ATTRIBUTE.fileName)) {
    const value = residentValue(await load())
    const isWhole = value.length >= 66 && value.length >= 66 + value.readUInt8(64) * 2
    if (!isWhole || parseFileName(value).isDosOnly) continue
    const name = parseFileName(value).name.toString('utf8')
    return { name, parent: readReference(value, 0).record }
  }
  throw new HoldfastError('filesystem-damaged', `ntfs: record ${number} has no name`)
}
