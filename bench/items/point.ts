import type { Installation } from '../../scripts/installation/installation.ts'

/** Makes a point of a source; of a new image, as soon as the agent tells of it, which takes seconds. */
export async function createPoint(holdfast: Installation, source: string): Promise<string> {
  for (let tries = 0; ; tries++)
    try {
      const { document } = await holdfast.holdfast<{ point: { id: string } }[]>([
        ...['point', 'create', source],
      ])
      return document[0]?.point.id ?? ''
    } catch (error) {
      if (tries === 30) throw error
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
}
