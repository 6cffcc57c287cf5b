import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import { ENGLISH } from './english.ts'
import { KOREAN } from './korean.ts'

/** Every sentence of the console. What English has, each other language must have. */
export type Words = typeof ENGLISH

interface Spoken extends Words {
  readonly code: Code
  readonly locale: string
  readonly speak: (code: Code) => void
}

export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'ko', name: '한국어' },
] as const

type Code = (typeof LANGUAGES)[number]['code']

const WORDS: Readonly<Record<Code, Words>> = { en: ENGLISH, ko: KOREAN }
const KEPT_AS = 'holdfast-language'
const Context = createContext<Spoken | undefined>(undefined)

export function useWords(): Spoken {
  const words = useContext(Context)
  if (!words) throw new Error('no language was chosen')
  return words
}

/** As chosen here before, else as the browser is set. */
export function Language({ children }: { readonly children: ReactNode }) {
  const [code, setCode] = useState<Code>(atFirst)
  useEffect(() => {
    document.documentElement.lang = code
  }, [code])
  const speak = (chosen: Code) => {
    localStorage.setItem(KEPT_AS, chosen)
    setCode(chosen)
  }
  // English in the browser's own flavour: dates are written as people there do.
  const locale = navigator.languages.find((one) => one.startsWith(code)) ?? code
  return <Context value={{ ...WORDS[code], code, locale, speak }}>{children}</Context>
}

function atFirst(): Code {
  const wanted = [localStorage.getItem(KEPT_AS) ?? '', ...navigator.languages]
  const found = wanted
    .map((one) => LANGUAGES.find(({ code }) => one.startsWith(code)))
    .find(Boolean)
  return found?.code ?? 'en'
}
