import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'

export type Theme = 'light' | 'dark'

interface Chosen {
  readonly theme: Theme
  readonly choose: (theme: Theme) => void
}

const KEPT_AS = 'holdfast-theme'
const Context = createContext<Chosen>({ theme: 'light', choose: () => {} })

export function useAppearance(): Chosen {
  return useContext(Context)
}

/** Dark or light: as chosen here before, else as the machine is set. */
export function Appearance({ children }: { readonly children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(atFirst)
  useEffect(() => {
    document.documentElement.classList.toggle('pf-v6-theme-dark', theme === 'dark')
  }, [theme])
  const choose = (chosen: Theme) => {
    localStorage.setItem(KEPT_AS, chosen)
    setTheme(chosen)
  }
  return <Context value={{ theme, choose }}>{children}</Context>
}

function atFirst(): Theme {
  const kept = localStorage.getItem(KEPT_AS)
  if (kept === 'light' || kept === 'dark') return kept
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
