import { discover } from '../../server/openid/provider.ts'
import { readOpenIdSettings } from '../../server/openid/settings.ts'
import { advice, fine, type Finding, reasonOf } from './finding.ts'

const NAME = 'OpenID provider'

/** Only where the data folder names one. Whoever signs in with a password does not need it. */
export async function checkProvider(file: string): Promise<Finding[]> {
  try {
    const settings = await readOpenIdSettings(file)
    if (!settings) return []
    await discover(settings)
    return [fine(NAME, `${settings.issuer.href} answers`)]
  } catch (error) {
    const hint =
      'docs/configuration.md has what the file holds; passwords and tokens work meanwhile'
    return [advice(NAME, reasonOf(error), hint)]
  }
}
