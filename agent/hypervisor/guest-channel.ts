import { z } from 'zod'
import { GuestFailure } from '../guest/guest-failure.ts'
import { parseDomainAddress } from '../libvirt/domain-address.ts'
import type { Qmp } from './qmp.ts'

const chardevs = z.array(
  z.looseObject({ label: z.string(), filename: z.string(), 'frontend-open': z.boolean() }),
)

/**
 * Throws when nobody in the guest has its end of the channel open: it boots, or has no guest agent.
 * What cannot be seen is left for the guest agent itself to answer.
 */
export async function requireListener(qmp: Qmp, socket: string): Promise<void> {
  const all = chardevs.parse(await qmp.execute('query-chardev'))
  const isOurs = parseDomainAddress(socket)
    ? (filename: string) => filename.includes('/org.qemu.guest_agent.0')
    : (filename: string) => filename.includes(`unix:${socket}`)
  const channel = all.find(({ filename }) => isOurs(filename))
  if (channel?.['frontend-open'] !== false) return
  throw new GuestFailure(
    'not-installed',
    'no guest agent runs in the guest: nobody in it has the channel open',
  )
}
