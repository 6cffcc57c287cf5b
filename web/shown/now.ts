import { useEffect, useState } from 'react'

const TICK_MS = 10_000

/** The browser's clock, ticking slowly: what is shown as an age grows by itself. */
export function useNow(): number {
  const [now, setNow] = useState(read)
  useEffect(() => {
    const ticking = setInterval(() => setNow(read()), TICK_MS)
    return () => clearInterval(ticking)
  }, [])
  return now
}

function read(): number {
  return new Date().getTime()
}
