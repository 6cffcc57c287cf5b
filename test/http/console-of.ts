import { readFile } from 'node:fs/promises'
import type { Scene } from '../support/scene.ts'

interface OperatorFile {
  readonly token: string
}

/** The API of a scene's server, which serves its console plainly, as its admin. */
export async function consoleOf(scene: Scene): Promise<{
  readonly get: (path: string) => Promise<Response>
}> {
  const { url } = (await scene.holdfast.ok<{ url: string }>('console', 'link')).json
  const file = await readFile(scene.holdfast.path('server', 'operator.json'), 'utf8')
  const { token } = JSON.parse(file) as OperatorFile
  const headers = { authorization: `Bearer ${token}` }
  return { get: (path) => fetch(new URL(`/api/v1/${path}`, url), { headers }) }
}
