import { pagesIn } from './pages.suite.ts'

pagesIn({ name: 'light', theme: 'light', language: 'en', viewport: { width: 1280, height: 800 } })
