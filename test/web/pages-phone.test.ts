import { pagesIn } from './pages.suite.ts'

pagesIn({ name: 'phone', theme: 'light', language: 'en', viewport: { width: 390, height: 844 } })
