import { pagesIn } from './pages.suite.ts'

pagesIn({ name: 'dark', theme: 'dark', language: 'ko', viewport: { width: 1280, height: 800 } })
