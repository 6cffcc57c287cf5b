import {
  Button,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadMain,
  MastheadToggle,
  Nav,
  NavItem,
  NavList,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core'
import { Suspense } from 'react'
import { NavLink, useLocation } from 'react-router'
import { useMay } from '../session/may.ts'
import { useSession } from '../session/session.tsx'
import { LANGUAGES, useWords } from '../words/words.tsx'
import { useAppearance } from './appearance.tsx'
import { Connection } from './connection.tsx'
import { PageBoundary } from './page-boundary.tsx'
import { Places, PLACES } from './places.tsx'

const MAIN = 'main'

/** Around every page: where one is, who one is, and whether the server is there. */
export function Shell() {
  const words = useWords()
  const { pathname } = useLocation()
  return (
    <Page
      masthead={<Head />}
      sidebar={<Side />}
      isManagedSidebar
      mainContainerId={MAIN}
      skipToContent={<SkipToContent href={`#${MAIN}`}>{words.skip}</SkipToContent>}
    >
      <Connection />
      <PageBoundary at={pathname}>
        <Suspense fallback={null}>
          <Places />
        </Suspense>
      </PageBoundary>
    </Page>
  )
}

function Head() {
  const words = useWords()
  const { session, signOut } = useSession()
  const { theme, choose } = useAppearance()
  const next = theme === 'dark' ? 'light' : 'dark'
  return (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton aria-label={words.navigation} />
        </MastheadToggle>
        <MastheadBrand>
          <strong>Holdfast</strong>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Toolbar isStatic>
          <ToolbarContent>
            <ToolbarGroup align={{ default: 'alignEnd' }}>
              {LANGUAGES.filter(({ code }) => code !== words.code).map(({ code, name }) => (
                <ToolbarItem key={code}>
                  <Button variant="plain" lang={code} onClick={() => words.speak(code)}>
                    {name}
                  </Button>
                </ToolbarItem>
              ))}
              <ToolbarItem>
                <Button variant="plain" onClick={() => choose(next)}>
                  {words.themes[next]}
                </Button>
              </ToolbarItem>
              <ToolbarItem>
                <Button variant="plain" onClick={() => void signOut()}>
                  {words.signOut(session.operator.name)}
                </Button>
              </ToolbarItem>
            </ToolbarGroup>
          </ToolbarContent>
        </Toolbar>
      </MastheadContent>
    </Masthead>
  )
}

function Side() {
  const words = useWords()
  const { pathname } = useLocation()
  const may = useMay()
  const isHere = (path: string) => (path === '/' ? pathname === '/' : pathname.startsWith(path))
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label={words.navigation}>
          <NavList>
            {PLACES.filter(({ place, needs }) => place !== undefined && may(needs)).map(
              ({ path, place }) => (
                <NavItem key={path} isActive={isHere(path)}>
                  <NavLink to={path}>{place && words.places[place]}</NavLink>
                </NavItem>
              ),
            )}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  )
}
