import '@patternfly/react-core/dist/styles/base.css'
import './console.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { createQueryClient } from './api/use-api.ts'
import { takeAnswer } from './session/provider.tsx'
import { SessionGate } from './session/session.tsx'
import { Appearance } from './shell/appearance.tsx'
import { Shell } from './shell/shell.tsx'
import { Language } from './words/words.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root')

const answer = takeAnswer()

createRoot(root).render(
  <StrictMode>
    <Language>
      <Appearance>
        <QueryClientProvider client={createQueryClient()}>
          <BrowserRouter>
            <SessionGate answer={answer}>
              <Shell />
            </SessionGate>
          </BrowserRouter>
        </QueryClientProvider>
      </Appearance>
    </Language>
  </StrictMode>,
)
