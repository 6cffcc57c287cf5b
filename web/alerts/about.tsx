import { ClipboardCopy } from '@patternfly/react-core'
import { Link } from 'react-router'
import type { Alert } from '../api/documents.ts'
import { useMay } from '../session/may.ts'
import { useWords } from '../words/words.tsx'

/** What it is about leads there, where there is a page of it. */
export function About({ alert: { object, objectName } }: { readonly alert: Alert }) {
  const may = useMay()
  const isSource = objectName.includes('/') && may('ListPoints')
  if (isSource) return <Link to={`/recovery/${encodeURIComponent(objectName)}`}>{objectName}</Link>
  if (object.startsWith('host-')) return <Link to="/hosts">{objectName}</Link>
  return <>{objectName}</>
}

export function WhatToDo({ alert: { action, command } }: { readonly alert: Alert }) {
  const { copy, copied } = useWords()
  return (
    <>
      {action}
      {command !== '' && (
        <ClipboardCopy
          variant="inline-compact"
          isCode
          hoverTip={copy}
          clickTip={copied}
          className="path"
        >
          {command}
        </ClipboardCopy>
      )}
    </>
  )
}
