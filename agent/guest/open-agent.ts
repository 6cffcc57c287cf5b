import { systemRandom } from '../../core/runtime/random.ts'
import { parseDomainAddress } from '../libvirt/domain-address.ts'
import { AgentChannel } from './agent-channel.ts'
import type { GuestAgent } from './guest-agent.ts'
import { LibvirtAgent } from './libvirt-agent.ts'

/** `address`: the path of its channel's socket, or a domain of libvirt. Throws GuestFailure. */
export async function openAgent(address: string): Promise<GuestAgent> {
  const domain = parseDomainAddress(address)
  return domain ? LibvirtAgent.open(domain) : AgentChannel.open(address, systemRandom)
}
