import { LIGHT } from './look.ts'
import { pagesIn } from './pages.suite.ts'

pagesIn(LIGHT)
