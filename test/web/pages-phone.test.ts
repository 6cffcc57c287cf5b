import { PHONE } from './look.ts'
import { pagesIn } from './pages.suite.ts'

pagesIn(PHONE)
