import { fromFailure, toHoldfastError } from '../../../core/model/error.ts'
import { recordEvent } from '../../catalog/events.ts'
import { requireMailAddress } from '../../flows/subscribers.ts'
import { changeMail, forgetMail } from '../../notify/change-mail.ts'
import { mailDocument, readMailSettings } from '../../notify/mail-settings.ts'
import { testNotices } from '../../notify/test-notices.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import type { OperatorDeps } from './deps.ts'

type MailHandlers = Pick<OperatorHandlers, 'getMail' | 'setMail' | 'removeMail' | 'testMail'>

/** How the server sends mail. */
export function mailHandlers({ database, clock, sender }: OperatorDeps): MailHandlers {
  const { mailFile } = sender
  const note = (message: string, actor: string) =>
    recordEvent(database, { kind: 'mail-changed', about: 'server', message, actor })
  return {
    getMail: () => shown(mailFile),
    setMail: async ({ host, port, security, user, password, from, authority }, caller) => {
      const wish = { host: host.trim(), security, password, from: from.trim(), authority }
      // A form leaves a field empty; a program leaves it out.
      await changeMail(mailFile, { ...wish, port: port || undefined, user: user || undefined })
      await note(`mail goes through ${wish.host}, as ${wish.from}`, caller.name)
      return shown(mailFile)
    },
    removeMail: async (_, caller) => {
      await forgetMail(mailFile)
      await note('no mail is sent any more', caller.name)
      return shown(mailFile)
    },
    testMail: async ({ address }) => {
      const to = { kind: 'mail', address: requireMailAddress(address), secret: null } as const
      const [result] = await testNotices(sender, clock, [to])
      if (result?.error) throw fromFailure(result.error)
      return { address, milliseconds: result?.milliseconds ?? 0 }
    },
  }
}

const NOTHING = { host: '', port: 0, security: '', hasPassword: false, from: '' }

/** Never the password. What is wrong with the file is part of the answer, so that it can be mended. */
async function shown(mailFile: string) {
  try {
    const settings = await readMailSettings(mailFile)
    if (!settings) return { ...NOTHING, configured: false }
    const { password, ...rest } = settings
    return { ...withoutAbsent(rest), hasPassword: password !== undefined, configured: true }
  } catch (error) {
    const problem = toHoldfastError(error).message
    return { ...NOTHING, ...(await asWritten(mailFile)), configured: true, problem }
  }
}

async function asWritten(mailFile: string) {
  const document = await mailDocument(mailFile).catch(() => undefined)
  if (!document) return {}
  const { host, security, user, from, authority } = document
  const hasPassword = (document.password ?? document.passwordFile) !== undefined
  return { ...withoutAbsent({ host, security, user, from, authority }), hasPassword }
}
