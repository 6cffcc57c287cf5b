import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable } from './database.ts'
import { nearNames } from './near-names.ts'
import { findLatestPoint } from './points.ts'

/**
 * From what people write to ids. A data source: its id, HOST/NAME, or NAME alone where only one
 * host has it. A point: its id, SOURCE@latest, or SOURCE@SEQUENCE. A host name has no '/', a NAME
 * may have some, and '@' too: the last one counts.
 */

// How many names a hint is chosen from: bounds the time of a typing mistake.
const CHOICE = 5000

export async function resolveHost(q: Queryable, text: string): Promise<string> {
  const [row] = await q.query<{ id: string }>(
    `SELECT id FROM host WHERE id = $1 OR name = $1 ORDER BY id = $1 DESC LIMIT 1`,
    [text],
  )
  if (row) return row.id
  const names = await q.query<{ name: string }>(
    `SELECT name FROM host ORDER BY name LIMIT ${CHOICE}`,
  )
  throw notFound(`host ${text}`, text, names, '`holdfast host list` shows all.')
}

export async function resolveSource(q: Queryable, text: string): Promise<string> {
  const found = await findSource(q, text)
  if (found !== undefined) return found
  const names = await q.query<{ name: string }>(
    `SELECT h.name || '/' || s.name AS name FROM data_source s JOIN host h ON h.id = s.host
      ORDER BY 1 LIMIT ${CHOICE}`,
  )
  throw notFound(`data source ${text}`, text, names, '`holdfast source list` shows all.')
}

/** The same of many: what is written in full is found at once. Each once, in the order given. */
export async function resolveSources(q: Queryable, texts: readonly string[]): Promise<string[]> {
  const rows = await q.query<{ text: string; id: string }>(
    `SELECT wanted.text, s.id FROM unnest($1::text[]) AS wanted (text)
       JOIN host h ON h.name = split_part(wanted.text, '/', 1)
       JOIN data_source s ON s.host = h.id
        AND s.name = substr(wanted.text, strpos(wanted.text, '/') + 1)
      WHERE strpos(wanted.text, '/') > 0`,
    [texts],
  )
  const named = new Map(rows.map(({ text, id }) => [text, id]))
  const found = new Set<string>()
  for (const text of texts) found.add(named.get(text) ?? (await resolveSource(q, text)))
  return [...found]
}

async function findSource(q: Queryable, text: string): Promise<string | undefined> {
  const slash = text.indexOf('/')
  const [exact] = await q.query<{ id: string }>(
    `SELECT s.id FROM data_source s JOIN host h ON h.id = s.host
      WHERE s.id = $1 OR (h.name = $2 AND s.name = $3) ORDER BY s.id = $1 DESC LIMIT 1`,
    [text, slash < 0 ? null : text.slice(0, slash), text.slice(slash + 1)],
  )
  if (exact) return exact.id
  const named = await q.query<{ id: string; name: string }>(
    `SELECT s.id, h.name || '/' || s.name AS name
       FROM data_source s JOIN host h ON h.id = s.host WHERE s.name = $1 ORDER BY 2 LIMIT 10`,
    [text],
  )
  if (named.length > 1)
    throw new HoldfastError('ambiguous-name', `several hosts have a data source ${text}`, {
      hint: `Say which: ${named.map((row) => row.name).join(', ')}.`,
    })
  return named[0]?.id
}

export async function resolvePoint(q: Queryable, text: string): Promise<string> {
  const [exact] = await q.query<{ id: string }>(`SELECT id FROM recovery_point WHERE id = $1`, [
    text,
  ])
  if (exact) return exact.id
  const at = text.lastIndexOf('@')
  if (at > 0) return pointOfSource(q, text.slice(0, at), text.slice(at + 1))
  const names = await q.query<{ name: string }>(
    `SELECT id AS name FROM recovery_point ORDER BY created_at DESC LIMIT ${CHOICE}`,
  )
  const hint = '`holdfast point list` shows all; a point is named by its id or HOST/NAME@latest.'
  throw notFound(`recovery point ${text}`, text, names, hint)
}

async function pointOfSource(q: Queryable, source: string, which: string): Promise<string> {
  const id = await resolveSource(q, source)
  if (which === 'latest') {
    const latest = await findLatestPoint(q, id)
    if (latest !== undefined) return latest
    throw new HoldfastError('not-found', `${source} has no recovery point`, {
      hint: `\`holdfast point create ${source}\` makes one.`,
    })
  }
  if (!/^\d{1,15}$/.test(which))
    throw new HoldfastError('invalid-argument', `${source}@${which} names no recovery point`, {
      hint: 'After the @ comes `latest` or the sequence number of a point.',
    })
  const [row] = await q.query<{ id: string }>(
    `SELECT p.id FROM recovery_point p JOIN version v ON v.id = p.version
      WHERE p.data_source = $1 AND v.sequence = $2`,
    [id, Number(which)],
  )
  if (row) return row.id
  throw new HoldfastError('not-found', `${source} has no recovery point with sequence ${which}`, {
    hint: `\`holdfast point list --source ${source}\` shows what it has.`,
  })
}

function notFound(
  what: string,
  text: string,
  names: readonly { readonly name: string }[],
  otherwise: string,
): HoldfastError {
  const near = nearNames(
    names.map((row) => row.name),
    text,
  )
  const hint = near.length > 0 ? `Is it ${near.join(', or ')}? ${otherwise}` : otherwise
  return new HoldfastError('not-found', `there is no ${what}`, { hint })
}

/** Whatever events can be about: a point, a data source, a host, or the id of anything else. */
export async function resolveObject(q: Queryable, text: string): Promise<string> {
  for (const resolve of [resolvePoint, resolveSource, resolveHost]) {
    try {
      return await resolve(q, text)
    } catch (error) {
      const unknown = error instanceof HoldfastError && error.code === 'not-found'
      if (!unknown) throw error
    }
  }
  return text
}
