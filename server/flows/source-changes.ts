import { HoldfastError } from '../../core/model/error.ts'
import type { Database } from '../catalog/database.ts'
import { isUniqueViolation } from '../catalog/database-error.ts'
import { recordEvent } from '../catalog/events.ts'
import { getHost } from '../catalog/hosts-view.ts'
import { getSource, setAllowUnsettled, setOwner, setPeople } from '../catalog/sources.ts'

/** Whether a copy that is not one instant may become a point of it. */
export async function allowUnsettled(
  database: Database,
  id: string,
  allow: boolean,
  by: string,
): Promise<void> {
  await database.tx(async (q) => {
    const source = await getSource(q, id)
    if (source.allowUnsettled === allow) return
    await setAllowUnsettled(q, id, allow)
    const message = `${source.name}: unsettled copies are ${allow ? 'allowed' : 'refused'} now`
    await recordEvent(q, { kind: 'source-changed', about: id, message, actor: by })
  })
}

/** Whose it is: who sees it in the self-service, and within which scopes it lies. */
export async function changePeople(
  database: Database,
  id: string,
  wish: { readonly owner?: string | undefined; readonly tenant?: string | undefined },
  by: string,
): Promise<void> {
  await database.tx(async (q) => {
    const source = await getSource(q, id)
    const { owner = source.owner, tenant = source.tenant } = wish
    if (owner === source.owner && tenant === source.tenant) return
    await setPeople(q, id, { owner, tenant })
    const message = `${source.name}: owner ${owner || 'nobody'}, tenant ${tenant || 'none'} now`
    await recordEvent(q, { kind: 'source-changed', about: id, message, actor: by })
  })
}

/**
 * The history of a data source goes to another host, which takes it up with its next inventory: a
 * VM by its uuid, an image by its name. The former owner gets no digests of it any more.
 */
export async function moveOwner(
  database: Database,
  id: string,
  host: string,
  by: string,
): Promise<void> {
  try {
    await database.tx(async (q) => {
      const source = await getSource(q, id)
      const owner = await getHost(q, host)
      if (owner.state === 'revoked')
        throw new HoldfastError('host-revoked', `host ${owner.name} is revoked`)
      if (source.hostId === host) return
      await setOwner(q, id, host)
      const message = `${source.name} belongs to ${owner.name} now`
      await recordEvent(q, { kind: 'source-owner-moved', about: id, message, actor: by })
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new HoldfastError('already-exists', 'that host has a data source of this name already', {
      hint: 'Restore a point of it there instead, or give the other one another name.',
    })
  }
}
