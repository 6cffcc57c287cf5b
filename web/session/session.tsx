import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import { ask, Failure, keepCsrf } from '../api/ask.ts'
import { SignIn } from './sign-in.tsx'

export interface Session {
  readonly operator: { readonly name: string; readonly role: string }
  /** Names of the calls that this operator may make. */
  readonly may: readonly string[]
  readonly csrf: string
  readonly expiresAt: string
}

interface Held {
  readonly session: Session
  readonly signOut: () => Promise<void>
}

const Context = createContext<Held | undefined>(undefined)

export function useSession(): Held {
  const held = useContext(Context)
  if (!held) throw new Error('there is no session here')
  return held
}

interface Props {
  /** Asked for before anything was drawn. */
  readonly entering: Promise<Session>
  readonly children: ReactNode
}

/** Shows its children to somebody who has signed in, and the way in to everybody else. */
export function SessionGate({ entering, children }: Props) {
  const [session, setSession] = useState<Session | undefined>()
  const [failure, setFailure] = useState<Failure | undefined>()
  const [looked, setLooked] = useState(false)
  const begin = (begun: Session) => {
    keepCsrf(begun.csrf)
    setFailure(undefined)
    setSession(begun)
  }
  useEffect(() => {
    entering
      .then(begin)
      .catch((error: unknown) => setFailure(error as Failure))
      .finally(() => setLooked(true))
    const ended = () => setSession(undefined)
    addEventListener('holdfast-session-ended', ended)
    return () => removeEventListener('holdfast-session-ended', ended)
  }, [entering])
  const signOut = async () => {
    await ask('DELETE', 'session')
    setSession(undefined)
  }
  if (!looked) return null
  if (!session) return <SignIn failure={shownOf(failure)} onSession={begin} />
  return <Context value={{ session, signOut }}>{children}</Context>
}

/**
 * The session that is, or the one that a provider's answer (what it sent the browser back with) or a link
 * begins. The link leaves the address at once.
 */
export async function enter(answer: string | undefined): Promise<Session> {
  if (answer !== undefined) return ask<Session>('POST', 'session', { body: { openid: answer } })
  const link = /^#sign-in=(.+)$/.exec(location.hash)?.[1]
  if (link === undefined) return ask<Session>('GET', 'session')
  history.replaceState(null, '', location.pathname)
  return ask<Session>('POST', 'session', { body: { link } })
}

/** Nobody has done anything wrong by not having signed in yet. */
function shownOf(failure: Failure | undefined): Failure | undefined {
  return failure?.code === 'credential-missing' ? undefined : failure
}
