import { Alert, Bullseye, EmptyState, EmptyStateBody, Spinner } from '@patternfly/react-core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Failure } from '../api/ask.ts'
import { useWords } from '../words/words.tsx'

interface Props<T> {
  readonly of: UseQueryResult<T, Failure>
  readonly children: (document: T) => ReactNode
}

/** What a document shows once it is there. What was there stays while the server is away. */
export function Loaded<T>({ of, children }: Props<T>) {
  const words = useWords()
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.error) return <FailureAlert failure={of.error} />
  return (
    <Bullseye>
      <Spinner aria-label={words.loading} />
    </Bullseye>
  )
}

export function FailureAlert({ failure }: { readonly failure: Failure }) {
  return (
    <Alert isInline variant="danger" title={failure.message}>
      {failure.hint}
    </Alert>
  )
}

export function Nothing({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ReactNode
}) {
  return (
    <EmptyState titleText={title} headingLevel="h2" variant="sm">
      {children && <EmptyStateBody>{children}</EmptyStateBody>}
    </EmptyState>
  )
}
