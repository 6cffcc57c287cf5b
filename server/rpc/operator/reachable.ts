import { HoldfastError } from '../../../core/model/error.ts'
import { requireMailAddress } from '../../flows/subscribers.ts'
import type { Sender } from '../../notify/deliver.ts'
import { readMailSettings } from '../../notify/mail-settings.ts'

const ADDRESSES = 10

/** Who is to get a mail: now is the time to say that nobody could be told. */
export async function requireReachable(
  { mailFile }: Sender,
  addresses: readonly string[],
): Promise<readonly string[]> {
  const wanted = [...new Set(addresses)].map(requireMailAddress)
  if (wanted.length === 0) return wanted
  if (wanted.length > ADDRESSES)
    throw new HoldfastError('invalid-argument', `more than ${ADDRESSES} addresses are to be told`)
  if (await readMailSettings(mailFile)) return wanted
  throw new HoldfastError('invalid-argument', 'this server was not told how to send mail', {
    hint: 'An admin tells it with `holdfast mail set`, or in the settings of the console.',
  })
}
