import { ClipboardCopy } from '@patternfly/react-core'
import type { ReactNode } from 'react'
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

/** In words, and as a command to copy where there is one. */
export function WhatToDo({ alert: { action, command } }: { readonly alert: Alert }) {
  const { copy, copied } = useWords()
  return (
    <>
      <div>{withCode(action)}</div>
      {command !== '' && (
        <ClipboardCopy variant="inline-compact" isCode hoverTip={copy} clickTip={copied}>
          {command}
        </ClipboardCopy>
      )}
    </>
  )
}

/** The server's sentences have commands between backticks. */
function withCode(sentence: string): ReactNode {
  return sentence.split('`').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))
}
