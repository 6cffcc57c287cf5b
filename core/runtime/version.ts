import { readFile } from 'node:fs/promises'

// From the sources and from dist/, the package's own manifest is the nearest one above.
const CANDIDATES = ['../../package.json', '../../../package.json']

/** What package.json says: the version of both processes and of the command line. */
export async function productVersion(): Promise<string> {
  for (const candidate of CANDIDATES) {
    try {
      const text = await readFile(new URL(candidate, import.meta.url), 'utf8')
      const { name, version } = JSON.parse(text) as { name?: unknown; version?: unknown }
      if (name === 'holdfast' && typeof version === 'string') return version
    } catch {
      // Not there: look one folder further up.
    }
  }
  throw new Error('package.json of holdfast not found')
}
