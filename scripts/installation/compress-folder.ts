import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const COMPRESSIBLE = /\.(?:js|css|html|svg|json)$/
/** Smaller ones would cost more in headers than they save. */
const SMALLEST = 1024

/** Beside each text file of a folder a `.br` and a `.gz` of it. */
export async function compressFolder(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true })
  for (const name of files.filter((file) => COMPRESSIBLE.test(file))) {
    const file = path.join(folder, name)
    const bytes = await readFile(file)
    if (bytes.length < SMALLEST) continue
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
    await writeFile(`${file}.br`, brotliCompressSync(bytes, quality))
    await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  }
}
