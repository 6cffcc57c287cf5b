import { HoldfastError } from '../../core/model/error.ts'
import {
  removeIfThere,
  systemFileSystem as files,
  writeDurably,
} from '../../core/runtime/file-system.ts'
import { mailDocument, mailShape, type MailDocument } from './mail-settings.ts'

/** How mail is to be sent from now on. */
export interface MailWish {
  readonly host: string
  /** Absent: the usual one. */
  readonly port: number | undefined
  readonly security: string
  readonly user: string | undefined
  /** Absent: as it is; empty: none. */
  readonly password: string | undefined
  readonly from: string
  /** PEM. Absent: as it is; empty: those that Node knows. */
  readonly authority: string | undefined
}

/**
 * Written whole or not at all, for its owner's eyes only. A password that is not given again stays,
 * but only for the host and user that it was given for: nobody gets one by naming another host.
 */
export async function changeMail(file: string, wish: MailWish): Promise<void> {
  const before = await mailDocument(file).catch(() => undefined)
  const { host, port, security, user, from } = wish
  const wanted = {
    ...{ host, port, security: security === '' ? 'starttls' : security, user, from },
    ...passwordOf(wish, before),
    ...authorityOf(wish, before),
  }
  const checked = mailShape.safeParse(wanted)
  if (!checked.success) throw refused(checked.error.issues)
  const text = `${JSON.stringify(checked.data, null, 2)}\n`
  await writeTo(file, () => writeDurably(files, file, Buffer.from(text)))
}

export async function forgetMail(file: string): Promise<void> {
  await writeTo(file, () => removeIfThere(files, file))
}

function passwordOf({ host, user, password }: MailWish, before: MailDocument | undefined) {
  if (user === undefined || password === '') return {}
  if (password !== undefined) return { password }
  if (before?.host !== host || before.user !== user) return {}
  return { password: before.password, passwordFile: before.passwordFile }
}

function authorityOf({ authority }: MailWish, before: MailDocument | undefined) {
  if (authority === '') return {}
  if (authority !== undefined) return { authority }
  return { authority: before?.authority, authorityFile: before?.authorityFile }
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string }

function refused(issues: readonly Issue[]): HoldfastError {
  const told = issues.map(({ path: [key], message }) =>
    key === undefined ? message : `${String(key)}: ${message}`,
  )
  return new HoldfastError('invalid-argument', `mail cannot be sent so: ${told.join('; ')}`)
}

async function writeTo(file: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (cause) {
    throw new HoldfastError(
      'invalid-argument',
      `the server cannot write ${file}: ${(cause as Error).message}`,
      { cause, hint: 'Give the user that it runs as the right to, or change the file by hand.' },
    )
  }
}
