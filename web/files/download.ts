/** Where the browser gets files from: one by itself, without `archive`; else all in one archive. */
export function downloadOf(
  point: string,
  paths: readonly string[],
  archive?: 'zip' | 'tar',
): string {
  const query = paths.map((path) => `paths=${encodeURIComponent(path)}`)
  if (archive) query.push(`archive=${archive}`)
  return `/api/v1/points/${encodeURIComponent(point)}/content?${query.join('&')}`
}
