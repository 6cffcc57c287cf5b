import type { TestContext } from 'node:test'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { lacksTool } from '../support/needs.ts'
import { Scene, type SceneOptions } from '../support/scene.ts'
import { openBrowser, openPage, type Watched } from './browser.ts'

/** A running Holdfast and its console in a real browser. */
export interface ConsoleScene {
  readonly scene: Scene
  readonly browser: Browser
  /** Of the console, with a slash at its end. */
  readonly url: string
  /** A page on which the admin is signed in. */
  readonly signedIn: (options?: BrowserContextOptions) => Promise<Watched>
}

const PLAIN = ['--console', '127.0.0.1:0', '--console-plain']

/** Undefined where the machine has no browser. */
export async function openConsole(
  t: TestContext,
  options: SceneOptions = {},
): Promise<ConsoleScene | undefined> {
  if (lacksTool(t, 'chromium')) return undefined
  const serverArgs = [...PLAIN, ...(options.serverArgs ?? [])]
  const scene = await Scene.open(t, { ...options, serverArgs })
  const browser = await openBrowser(t)
  const link = async () => (await scene.holdfast.ok<{ url: string }>('console', 'link')).json.url
  return {
    ...{ scene, browser, url: new URL('/', await link()).href },
    signedIn: async (how) => {
      const watched = await openPage(browser, how)
      await watched.page.goto(await link())
      await watched.page.getByRole('heading', { level: 1 }).waitFor()
      return watched
    },
  }
}
