import { useEffect, useState } from 'react'
import type { Job } from '../api/documents.ts'
import { pathOf } from '../api/ask.ts'

/** A job as the server tells it, with each change; the browser asks again when it was cut off. */
export function useWatchedJob(id: string): Job | undefined {
  const [job, setJob] = useState<Job | undefined>()
  useEffect(() => {
    const events = new EventSource(pathOf(['jobs', id, 'watch']))
    events.addEventListener('document', (event) => setJob(JSON.parse(String(event.data)) as Job))
    for (const last of ['end', 'failure']) events.addEventListener(last, () => events.close())
    return () => events.close()
  }, [id])
  return job
}
