/** SIGTERM, SIGINT or SIGHUP, once: a second one ends the process at once, as without us. */
export function stopSignal(): { readonly received: Promise<void>; name(): string } {
  let name = ''
  const received = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.once(signal, () => {
        name = signal
        resolve()
      })
  })
  return { received, name: () => name }
}
