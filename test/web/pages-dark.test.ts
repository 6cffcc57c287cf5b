import { DARK } from './look.ts'
import { pagesIn } from './pages.suite.ts'

pagesIn(DARK)
