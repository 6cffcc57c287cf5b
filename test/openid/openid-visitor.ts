/** A browser's part: follows redirections and keeps cookies, up to the page of the console. */
export async function visit(url: string, returnTo: string): Promise<string> {
  const jar = new Map<string, string>()
  for (let at = url, steps = 0; steps < 10; steps++) {
    if (at.startsWith(returnTo)) return new URL(at).search
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const next = answer.headers.get('location')
    if (next === null) throw new Error(`${at}: ${answer.status} ${await answer.text()}`)
    at = new URL(next, at).href
  }
  throw new Error('the provider sends people round in circles')
}
