import type { Qmp } from './qmp.ts'

const TRIES = 3

/**
 * Lets a VM run that waits in one of these states. Only where it still waits: somebody may have gone
 * on, or shut it down, meanwhile.
 */
export async function goOn(qmp: Qmp, states: readonly string[] = ['paused']): Promise<void> {
  if (!(await qmp.commands()).has('query-status')) return
  for (let attempt = 1; ; attempt++) {
    const { status } = await qmp.execute<{ status: string }>('query-status')
    if (!states.includes(status)) return
    try {
      await qmp.execute('cont')
      return
    } catch (error) {
      if (attempt === TRIES) throw error
    }
  }
}
