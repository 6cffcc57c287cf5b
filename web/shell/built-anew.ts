/*
 * A server may get new pages while a console is open: those that it had not loaded yet have other names
 * then. It begins anew with the new ones; a server that is away is no reason to.
 */
export function watchForNewPages(): void {
  addEventListener('vite:preloadError', () => {
    isBuiltAnew()
      .then((isNew) => isNew && location.reload())
      .catch(() => {})
  })
}

async function isBuiltAnew(): Promise<boolean> {
  const [script] = document.querySelectorAll<HTMLScriptElement>('script[type="module"]')
  const answer = await fetch('/', { cache: 'no-store' })
  return (
    answer.ok &&
    script !== undefined &&
    !(await answer.text()).includes(new URL(script.src).pathname)
  )
}
