import '@patternfly/react-core/dist/styles/base.css'
import './console.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { askAhead, createQueryClient } from './api/use-api.ts'
import { takeAnswer } from './session/provider.tsx'
import { enter, SessionGate } from './session/session.tsx'
import { Appearance } from './shell/appearance.tsx'
import { watchForNewPages } from './shell/built-anew.ts'
import { asksOf, loadPage } from './shell/places.tsx'
import { Shell } from './shell/shell.tsx'
import { Language } from './words/words.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root')

// All on their way while the first is drawn: one after the other they would add up.
const client = createQueryClient()
const entering = enter(takeAnswer())
entering.then(({ may }) => askAhead(client, asksOf(location.pathname, may))).catch(() => {})
loadPage(location.pathname)
watchForNewPages()

createRoot(root).render(
  <StrictMode>
    <Language>
      <Appearance>
        <QueryClientProvider client={client}>
          <BrowserRouter>
            <SessionGate entering={entering}>
              <Shell />
            </SessionGate>
          </BrowserRouter>
        </QueryClientProvider>
      </Appearance>
    </Language>
  </StrictMode>,
)
