import { isNamedLike, shownName } from './names.ts'

/** What is chosen: paths, and of whole folders what is called so, but for some. Paths as the API writes them. */
export interface Choice {
  readonly paths: readonly string[]
  readonly folders: readonly ChosenFolder[]
}

export interface ChosenFolder {
  /** Ends in a slash. */
  readonly folder: string
  /** Part of a name; empty: all of it. */
  readonly name: string
  readonly except: readonly string[]
  /** How many that was when it was chosen. */
  readonly count: number
}

export interface Named {
  readonly paths: readonly string[]
  readonly matching: readonly string[]
  readonly except: readonly string[]
}

export const NOTHING_CHOSEN: Choice = { paths: [], folders: [] }

/** Below a path, as addresses are written: it ends in one slash. */
export function folderOf(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}

/** As the API reads patterns: what somebody typed means itself, somewhere in a name. */
export function patternOf(name: string): string {
  if (name === '') return '*'
  return `*${name.replaceAll(/[\\*?[]/g, '\\$&').replaceAll('%', '%25')}*`
}

export function isChosen({ paths, folders }: Choice, folder: string, name: string): boolean {
  const path = folder + name
  return paths.includes(path) || folders.some((one) => covers(one, folder, name))
}

function covers(chosen: ChosenFolder, folder: string, name: string): boolean {
  const { except } = chosen
  return isOf(chosen, folder, name) && !except.includes(folder + name)
}

function isOf({ folder: of, name: part }: ChosenFolder, folder: string, name: string): boolean {
  return of === folder && isNamedLike({ name }, part)
}

/** One of them chosen, or no more. */
export function withOne(choice: Choice, folder: string, name: string, isWanted: boolean): Choice {
  const path = folder + name
  const paths = choice.paths.filter((one) => one !== path)
  const folders = choice.folders.map((one) =>
    isOf(one, folder, name) ? { ...one, except: exceptions(one, path, isWanted) } : one,
  )
  const isCovered = folders.some((one) => covers(one, folder, name))
  return { folders, paths: isWanted && !isCovered ? [...paths, path] : paths }
}

function exceptions({ except }: ChosenFolder, path: string, isWanted: boolean): readonly string[] {
  const others = except.filter((one) => one !== path)
  return isWanted ? others : [...others, path]
}

/** All that a folder holds, also what has not been read yet; in place of what was chosen of it. */
export function withFolder(choice: Choice, chosen: ChosenFolder): Choice {
  const others = withoutFolder(choice, chosen)
  const isNamedThere = (path: string) =>
    path.startsWith(chosen.folder) && isOf(chosen, chosen.folder, path.slice(chosen.folder.length))
  return {
    folders: [...others.folders, chosen],
    paths: others.paths.filter((path) => !isNamedThere(path)),
  }
}

export function withoutFolder(
  { paths, folders }: Choice,
  { folder, name }: Pick<ChosenFolder, 'folder' | 'name'>,
): Choice {
  return { paths, folders: folders.filter((one) => one.folder !== folder || one.name !== name) }
}

export function countOf({ paths, folders }: Choice): number {
  return folders.reduce((sum, { count, except }) => sum + count - except.length, paths.length)
}

/** What the server is told: a folder by a pattern, never by its million names. */
export function namedBy({ paths, folders }: Choice): Named {
  return {
    paths,
    matching: folders.map(({ folder, name }) => folder + patternOf(name)),
    except: folders.flatMap(({ except }) => except),
  }
}

/** As part of an address. */
export function namedIn({ paths, matching, except }: Named): string {
  const fields = { paths, matching, except }
  return Object.entries(fields)
    .flatMap(([field, all]) => all.map((one) => `${field}=${encodeURIComponent(one)}`))
    .join('&')
}

/** A folder's pattern for eyes. */
export function shownPattern(pattern: string): string {
  return shownName(pattern).replaceAll(/\\(.)/g, '$1')
}
